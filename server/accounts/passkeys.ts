import type { WebAuthnCredential } from "@simplewebauthn/server";
import type pg from "pg";
import type { NewPasskey, PasskeyAssertion } from "#contract/signInMethods.ts";
import { textLimits } from "#rules/limits.ts";
import { deviceName, passwordManagers } from "#words/accountPage.ts";
import { brand } from "#words/layout.ts";
import type { Queryable } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { deviceOf } from "./device.ts";

/** Loads the parsers of keys and certificates on first use. */
const loadWebAuthn = () => import("@simplewebauthn/server");

/** Where passkeys are valid: on the host of the public address, and on pages of exactly this origin. */
export interface PasskeySite {
  host: string;
  origin: string;
}

export function passkeySite(publicUrl: string): PasskeySite {
  const { hostname, origin } = new URL(publicUrl);
  return { host: hostname, origin };
}

/** COSE's Ed25519, ES256 and RS256: what devices offer. The library would add one that Node calls experimental. */
const supportedAlgorithmIDs = [-8, -7, -257];

/** A passkey proves both what a person has and, as the device checks them, who they are or what they know. */
const userVerification = "required";

/** Returns the options of a new passkey for a browser, with a new challenge. */
export async function newPasskeyOptions(
  site: PasskeySite,
  person: { id: string; email: string; name: string },
  known: readonly { credential_id: string; transports: string[] }[],
) {
  const { generateRegistrationOptions } = await loadWebAuthn();
  return generateRegistrationOptions({
    rpName: brand,
    rpID: site.host,
    userName: person.email,
    userDisplayName: person.name,
    userID: Uint8Array.from(Buffer.from(person.id.replaceAll("-", ""), "hex")),
    attestationType: "none",
    supportedAlgorithmIDs,
    excludeCredentials: known.map(({ credential_id, transports }) => ({ id: credential_id, transports })),
    authenticatorSelection: { residentKey: "required", userVerification },
  });
}

/** Returns the options of a sign-in for a browser, with a new challenge: any passkey of this site may answer. */
export async function passkeySignInOptions(site: PasskeySite) {
  const { generateAuthenticationOptions } = await loadWebAuthn();
  return generateAuthenticationOptions({ rpID: site.host, userVerification });
}

export interface VerifiedPasskey {
  name: string;
  credential_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
}

/** @throws Refusal `passkey_not_accepted` */
export async function verifyNewPasskey(
  site: PasskeySite,
  response: NewPasskey,
  challenge: string,
  userAgent: string | undefined,
): Promise<VerifiedPasskey> {
  const { verifyRegistrationResponse } = await loadWebAuthn();
  const verified = await verifyRegistrationResponse({
    response: response as Parameters<typeof verifyRegistrationResponse>[0]["response"],
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.host,
    requireUserVerification: true,
    supportedAlgorithmIDs,
  }).catch(refuse);
  if (!verified.verified) throw new Refusal("passkey_not_accepted");
  const { aaguid, credential } = verified.registrationInfo;
  return {
    name: nameOf(aaguid, userAgent),
    credential_id: credential.id,
    public_key: Buffer.from(credential.publicKey),
    counter: credential.counter,
    transports: credential.transports ?? [],
  };
}

interface StoredPasskey {
  id: string;
  user_id: string;
  credential_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
}

/**
 * Verifies what a passkey has signed, and records its use.
 * @param owner whose passkey it must be, if that is known
 * @returns whose passkey it is
 * @throws Refusal `passkey_not_accepted`
 */
export async function acceptPasskey(
  accounts: Queryable,
  site: PasskeySite,
  response: PasskeyAssertion,
  challenge: string,
  owner?: string,
): Promise<string> {
  const { rows } = await accounts.query<StoredPasskey>(
    `select id, user_id, credential_id, public_key, counter, transports from auth.passkeys
     where credential_id = $1 and ($2::uuid is null or user_id = $2)`,
    [response.id, owner ?? null],
  );
  const [passkey] = rows;
  if (!passkey) throw new Refusal("passkey_not_accepted");
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as Parameters<typeof verifyAuthenticationResponse>[0]["response"],
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.host,
    requireUserVerification: true,
    credential: {
      id: passkey.credential_id,
      publicKey: Uint8Array.from(passkey.public_key),
      counter: passkey.counter,
      transports: passkey.transports as NonNullable<WebAuthnCredential["transports"]>,
    },
  }).catch(refuse);
  if (!verified) throw new Refusal("passkey_not_accepted");
  // On condition of the counter that was judged: of two copies of a key, only one gets through.
  const { rowCount } = await accounts.query(
    "update auth.passkeys set counter = $2, last_used_at = now() where id = $1 and counter = $3",
    [passkey.id, authenticationInfo.newCounter, passkey.counter],
  );
  if (rowCount === 0) throw new Refusal("passkey_not_accepted");
  return passkey.user_id;
}

/** Whatever is wrong with it, the sentence is the same. */
function refuse(): never {
  throw new Refusal("passkey_not_accepted");
}

/** Password managers that say which one they are (https://github.com/passkeydeveloper/passkey-authenticator-aaguids). */
const managers: Readonly<Record<string, string>> = {
  "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": passwordManagers.apple,
  "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": passwordManagers.apple,
  "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": passwordManagers.google,
  "08987058-cadc-4b81-b6e1-30de50dcbe96": passwordManagers.windows,
  "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": passwordManagers.windows,
  "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": passwordManagers.windows,
  "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
  "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
  "531126d6-e717-415c-9320-3d9aa6981239": "Dashlane",
  "53414d53-554e-4700-0000-000000000000": passwordManagers.samsung,
};

function nameOf(aaguid: string, userAgent: string | undefined): string {
  const { browser, system } = deviceOf(userAgent ?? null);
  const device = browser && system ? deviceName.both(browser, system) : (browser ?? system);
  return (managers[aaguid] ?? device ?? deviceName.key).slice(0, textLimits.passkeyName);
}

/** ms; how long a challenge waits for its answer. */
export const challengeLife = 10 * 60_000;

/** Challenges are among the library's short-lived codes. Consuming one makes it invalid, however often it is tried at once. */
export interface Challenges {
  createVerificationValue(value: { identifier: string; value: string; expiresAt: Date }): Promise<unknown>;
  consumeVerificationValue(identifier: string): Promise<{ value: string; expiresAt: Date } | null>;
}

export async function keepChallenge(
  challenges: Challenges,
  identifier: string,
  challenge: string,
): Promise<void> {
  const expiresAt = new Date(Date.now() + challengeLife);
  await challenges.createVerificationValue({ identifier, value: challenge, expiresAt });
}

/** @throws Refusal `passkey_not_accepted` if there is none, or it was used or has expired */
export async function takeChallenge(challenges: Challenges, identifier: string): Promise<string> {
  const kept = await challenges.consumeVerificationValue(identifier);
  if (!kept || kept.expiresAt <= new Date()) throw new Refusal("passkey_not_accepted");
  return kept.value;
}

/** A person's passkeys, oldest first. */
export async function listPasskeys(accounts: Queryable | pg.PoolClient, userId: string) {
  const { rows } = await accounts.query<{
    id: string;
    name: string;
    credential_id: string;
    transports: string[];
    created_at: Date;
    last_used_at: Date | null;
  }>(
    `select id, name, credential_id, transports, created_at, last_used_at from auth.passkeys
     where user_id = $1 order by created_at, id`,
    [userId],
  );
  return rows;
}
