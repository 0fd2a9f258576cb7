import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/** Whether the private key of `publicKey` signed the text before the body. Keys and signatures are in hex; never throws. */
export function isSigned(publicKey: string, signature: string, before: string, body: Uint8Array): boolean {
  if (!isKey(publicKey) || !/^[0-9a-f]{128}$/.test(signature)) return false;
  const x = Buffer.from(publicKey, 'hex').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.concat([Buffer.from(before), body]), key, Buffer.from(signature, 'hex'));
}

/** The signature of a private key. */
export function signatureOf(privateKey: string, text: string): string {
  // What PKCS #8 has before such a key.
  const der = Buffer.from(`302e020100300506032b657004220420${privateKey}`, 'hex');
  return sign(null, Buffer.from(text), createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).toString('hex');
}

/** Not 0 or 1, which are points on the curve: with them for a key, anybody can sign. */
const isKey = (hex: string): boolean => /^[0-9a-f]{64}$/.test(hex) && !/^0[01]0*$/.test(hex);
