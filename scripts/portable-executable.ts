/** One resource of a Windows program; a type or name is a number, or a text where it has one. */
export interface Resource {
  readonly type: number | string;
  readonly name: number | string;
  readonly data: Buffer;
}

interface Section {
  readonly address: number;
  readonly size: number;
  readonly offset: number;
}

const resourceDirectory = 2;
const certificateDirectory = 4;

/**
 * The program without its Authenticode signature. Anything added afterwards makes a signature wrong, and a wrong one is
 * worse than none: its table would point into what was added.
 */
export function withoutSignature(program: Buffer): Buffer {
  const entry = directoryEntry(program, certificateDirectory);
  const [offset, size] = [program.readUInt32LE(entry), program.readUInt32LE(entry + 4)];
  // The certificates lie after everything else; elsewhere they stay, and only nobody points there.
  const atEnd = offset + size === program.length;
  const unsigned = Buffer.from(atEnd && size > 0 ? program.subarray(0, offset) : program);
  unsigned.fill(0, entry, entry + 8);
  return unsigned;
}

/** Whether the program says that it is signed. */
export function isSigned(program: Buffer): boolean {
  return program.readUInt32LE(directoryEntry(program, certificateDirectory)) !== 0;
}

/** The resources of a Windows program: a tree of three levels, which are type, name and language. */
export function resourcesOf(program: Buffer): readonly Resource[] {
  const root = offsetOf(program, program.readUInt32LE(directoryEntry(program, resourceDirectory)));
  return branches(program, root, root).flatMap((type) =>
    branches(program, root, type.offset).flatMap((name) =>
      branches(program, root, name.offset).map(({ offset }) => {
        const start = offsetOf(program, program.readUInt32LE(offset));
        const data = program.subarray(start, start + program.readUInt32LE(offset + 4));
        return { type: type.key, name: name.key, data };
      }),
    ),
  );
}

function branches(program: Buffer, root: number, folder: number) {
  const count = program.readUInt16LE(folder + 12) + program.readUInt16LE(folder + 14);
  return Array.from({ length: count }, (_, index) => {
    const entry = folder + 16 + index * 8;
    const [key, below] = [program.readUInt32LE(entry), program.readUInt32LE(entry + 4)];
    // The top bit says that a name is a text, or that what is below is a folder.
    return { key: isMarked(key) ? textAt(program, root + unmarked(key)) : key, offset: root + unmarked(below) };
  });
}

const isMarked = (value: number): boolean => value >= 0x8000_0000;
const unmarked = (value: number): number => value % 0x8000_0000;

function textAt(program: Buffer, offset: number): string {
  return program.toString('utf16le', offset + 2, offset + 2 + program.readUInt16LE(offset) * 2);
}

/** Where the entry of a data directory is: a relative address and a size. */
function directoryEntry(program: Buffer, index: number): number {
  return optionalHeader(program) + 112 + index * 8;
}

// DOS header → "PE\0\0" → COFF header of 20 bytes → optional header; 0x20b marks the 64-bit form.
function optionalHeader(program: Buffer): number {
  const start = program.readUInt32LE(0x3c);
  if (program.toString('latin1', start, start + 4) !== 'PE\0\0' || program.readUInt16LE(start + 24) !== 0x20b)
    throw new Error('not a 64-bit Windows program');
  return start + 24;
}

function offsetOf(program: Buffer, address: number): number {
  const section = sectionsOf(program).find((one) => address >= one.address && address < one.address + one.size);
  if (section === undefined) throw new Error(`no section holds the address ${address}`);
  return address - section.address + section.offset;
}

function sectionsOf(program: Buffer): readonly Section[] {
  const header = optionalHeader(program);
  const table = header + program.readUInt16LE(header - 4);
  return Array.from({ length: program.readUInt16LE(header - 18) }, (_, index) => ({
    address: program.readUInt32LE(table + index * 40 + 12),
    size: program.readUInt32LE(table + index * 40 + 16),
    offset: program.readUInt32LE(table + index * 40 + 20),
  }));
}
