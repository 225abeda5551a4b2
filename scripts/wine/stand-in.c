/*
 * Stands in for a tool of Windows: prints what a real one printed, byte for byte, and ends as it did.
 *
 * %ONLINK_STAND_INS% is a folder. Its answers.txt has a line for each answer, separated by tabs:
 *   beginning of the command line ("route print -4") | file to print | exit code | milliseconds to wait before | after
 * The first line that fits is the answer; where none fits, nothing is printed and the exit code is 1. What was asked
 * goes to asked.txt: the length of the whole command line, the program's path, the arguments.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static wchar_t folder[MAX_PATH];

static HANDLE open_beside(const wchar_t *name, DWORD access, DWORD disposition)
{
    wchar_t path[2 * MAX_PATH];
    _snwprintf(path, 2 * MAX_PATH, L"%ls\\%ls", folder, name);
    return CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, disposition, 0, NULL);
}

static char *read_all(const wchar_t *name, DWORD *size)
{
    HANDLE file = open_beside(name, GENERIC_READ, OPEN_EXISTING);
    DWORD length = file == INVALID_HANDLE_VALUE ? 0 : GetFileSize(file, NULL);
    char *bytes = calloc(length + 1, 1);
    *size = 0;
    if (file != INVALID_HANDLE_VALUE) ReadFile(file, bytes, length, size, NULL);
    return bytes;
}

static char *utf8(const wchar_t *text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *bytes = malloc(size);
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
    return bytes;
}

/* What follows the program's name in the command line: it is quoted, or ends with the first blank. */
static const wchar_t *arguments(const wchar_t *line)
{
    const wchar_t *end = *line == L'"' ? wcschr(line + 1, L'"') : wcschr(line, L' ');
    if (end == NULL) return L"";
    while (*end == L'"' || *end == L' ') end++;
    return end;
}

/* "route print -4" from C:\windows\system32\route.exe print -4 */
static wchar_t *question(const wchar_t *program, const wchar_t *line)
{
    const wchar_t *slash = wcsrchr(program, L'\\');
    const wchar_t *name = slash == NULL ? program : slash + 1;
    const wchar_t *dot = wcsrchr(name, L'.');
    const wchar_t *rest = arguments(line);
    size_t room = wcslen(name) + wcslen(rest) + 2;
    wchar_t *asked = calloc(room, sizeof *asked);
    wcsncpy(asked, name, dot == NULL ? wcslen(name) : (size_t)(dot - name));
    _wcslwr(asked);
    if (*rest != 0) wcscat(wcscat(asked, L" "), rest);
    return asked;
}

static void note(const wchar_t *program, const wchar_t *line)
{
    char *path = utf8(program), *rest = utf8(arguments(line));
    char *text = malloc(strlen(path) + strlen(rest) + 64);
    DWORD written;
    int length = sprintf(text, "%u\t%s\t%s\n", (unsigned)wcslen(line), path, rest);
    HANDLE file = open_beside(L"asked.txt", FILE_APPEND_DATA, OPEN_ALWAYS);
    if (file != INVALID_HANDLE_VALUE) WriteFile(file, text, length, &written, NULL);
}

static UINT answer(char *fields[5])
{
    DWORD size, written = 0, sent = 0;
    wchar_t name[MAX_PATH];
    MultiByteToWideChar(CP_UTF8, 0, fields[1], -1, name, MAX_PATH);
    char *bytes = *fields[1] == 0 ? NULL : read_all(name, &size);
    Sleep(strtoul(fields[3], NULL, 10));
    for (; bytes != NULL && sent < size; sent += written)
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes + sent, size - sent, &written, NULL) || written == 0) break;
    Sleep(strtoul(fields[4], NULL, 10));
    return strtoul(fields[2], NULL, 0);
}

int main(void)
{
    static wchar_t program[MAX_PATH];
    const wchar_t *line = GetCommandLineW();
    DWORD size;
    if (GetEnvironmentVariableW(L"ONLINK_STAND_INS", folder, MAX_PATH) == 0) return 99;
    GetModuleFileNameW(NULL, program, MAX_PATH);
    note(program, line);
    char *asked = utf8(question(program, line));
    char *rows = read_all(L"answers.txt", &size);
    for (char *row = rows, *next; row != NULL && *row != 0; row = next) {
        next = strchr(row, '\n');
        if (next != NULL) *next++ = 0;
        char *fields[5] = { row, "", "0", "0", "0" };
        for (int i = 1; i < 5; i++) {
            char *tab = strchr(fields[i - 1], '\t');
            if (tab == NULL) break;
            *tab = 0;
            fields[i] = tab + 1;
        }
        if (strncmp(asked, fields[0], strlen(fields[0])) == 0) ExitProcess(answer(fields));
    }
    return 1;
}
