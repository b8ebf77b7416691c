import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import type { NewPasskey, PasskeyAssertion } from "#contract/signInMethods.ts";

interface Ceremony {
  challenge: string;
  origin: string;
  host: string;
  /** Whether the device has checked who holds it (PIN, fingerprint). */
  verified?: boolean;
  type?: string;
}

/** A passkey in memory, as a browser and a security key make it (Web Authentication, ES256, no attestation). */
export function makeSoftPasskey({ counts = true } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(16).toString("base64url");
  let counter = counts ? 1 : 0;
  return {
    id,
    create(ceremony: Ceremony): NewPasskey {
      const attested = Buffer.concat([
        Buffer.alloc(16),
        Buffer.from([0, 16]),
        Buffer.from(id, "base64url"),
        coseKey(publicKey),
      ]);
      const data = authenticatorData(ceremony, 0x40, counter, attested);
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        cborText("fmt"),
        cborText("none"),
        cborText("attStmt"),
        Buffer.from([0xa0]),
        cborText("authData"),
        cborBytes(data),
      ]);
      return {
        ...credential(id),
        response: {
          clientDataJSON: clientData(ceremony, "webauthn.create").toString("base64url"),
          attestationObject: attestation.toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    get(ceremony: Ceremony): PasskeyAssertion {
      if (counts) counter += 1;
      const data = authenticatorData(ceremony, 0, counter);
      const client = clientData(ceremony, "webauthn.get");
      const signature = sign("sha256", Buffer.concat([data, sha256(client)]), privateKey);
      return {
        ...credential(id),
        response: {
          clientDataJSON: client.toString("base64url"),
          authenticatorData: data.toString("base64url"),
          signature: signature.toString("base64url"),
        },
      };
    },
    /** As after a copy was restored from an older backup. */
    setBack(count: number) {
      counter -= count;
    },
  };
}

export type SoftPasskey = ReturnType<typeof makeSoftPasskey>;

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest();

const credential = (id: string) =>
  ({
    id,
    rawId: id,
    type: "public-key",
    clientExtensionResults: {},
    authenticatorAttachment: "platform",
  }) as const;

function clientData({ challenge, origin, type }: Ceremony, usual: string): Buffer {
  return Buffer.from(JSON.stringify({ type: type ?? usual, challenge, origin, crossOrigin: false }));
}

function authenticatorData(
  { host, verified = true }: Ceremony,
  flags: number,
  counter: number,
  attested = Buffer.alloc(0),
): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([sha256(host), Buffer.from([flags | 0x01 | (verified ? 0x04 : 0)]), count, attested]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  const head = bytes.length < 24 ? [0x40 + bytes.length] : [0x58, bytes.length];
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** The public key as COSE has it (RFC 9053): kty 2, alg -7, crv 1, x and y. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, "base64url")),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, "base64url")),
  ]);
}
