import type { TokenCredential } from '@azure/identity';

/** The same credential, and whether it is being asked right now. */
export function watched(source: TokenCredential): {
  readonly credential: TokenCredential;
  readonly isSigningIn: () => boolean;
} {
  let asking = 0;
  const watchedToken: TokenCredential['getToken'] = async (...asked) => {
    asking += 1;
    try {
      return await source.getToken(...asked);
    } finally {
      asking -= 1;
    }
  };
  return { credential: { getToken: watchedToken }, isSigningIn: () => asking > 0 };
}
