import { z } from "zod";
import { countLimits, numberLimits, textLimits } from "#rules/limits.ts";
import { fieldErrors } from "#words/fields.ts";
import { text, uuid } from "./primitives.ts";

/** Binary data of WebAuthn, base64url. */
const bytes = z.base64url(fieldErrors.invalid).min(1, fieldErrors.missing).max(textLimits.webAuthnField);

/** The parts of a browser's PublicKeyCredential that both calls below send. */
const credential = {
  id: bytes,
  rawId: bytes,
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["cross-platform", "platform"]).optional(),
  clientExtensionResults: z.looseObject({}),
};

/** What `navigator.credentials.get()` returns, as JSON. */
export const passkeyAssertion = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes,
      authenticatorData: bytes,
      signature: bytes,
      userHandle: bytes.optional(),
    }),
  })
  .meta({ id: "PasskeyAssertion" });
export type PasskeyAssertion = z.infer<typeof passkeyAssertion>;

/** What `navigator.credentials.create()` returns, as JSON. */
export const newPasskey = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(text(textLimits.tag)).max(countLimits.passkeyTransports).optional(),
  }),
});
export type NewPasskey = z.infer<typeof newPasskey>;

/** For `navigator.credentials`, as JSON. */
export const passkeyChallenge = z
  .looseObject({ challenge: z.string() })
  .describe("Options for `navigator.credentials`, valid for ten minutes.");

export const passkey = z
  .object({
    id: uuid,
    name: z.string().describe("Of the device or password manager."),
    created_at: z.string(),
    last_used_at: z.string().nullable(),
  })
  .meta({ id: "Passkey" });
export type Passkey = z.infer<typeof passkey>;

export const passkeyParams = z.object({ passkey_id: uuid });

export const signInMethods = z
  .object({
    password: z.boolean().describe("Whether the account has one."),
    google: z.boolean().describe("Whether a Google account is connected."),
    passkeys: z.array(passkey),
    two_factor: z.object({ recovery_codes_left: z.int() }).nullable().describe("Null while it is off."),
    address_confirmed: z
      .boolean()
      .describe("Passkeys, two-factor and Google need a confirmed e-mail address."),
  })
  .meta({ id: "SignInMethods" });
export type SignInMethods = z.infer<typeof signInMethods>;

/** How visitors may sign in here, beside a password. */
export const signInOptions = z
  .object({
    google: z.boolean(),
    elsewhere: z
      .boolean()
      .describe(
        "Whether accounts are kept by another service: there are no codes by e-mail and no passkeys then, and passwords are changed there.",
      ),
  })
  .meta({ id: "SignInOptions" });
export type SignInOptions = z.infer<typeof signInOptions>;

const { min, max } = numberLimits.passwordCharacters;
const password = z.string().max(max, fieldErrors.tooLong(max));

/** One of the two. */
export const proof = z.union([
  z.strictObject({ password: password.min(1) }),
  z.strictObject({ passkey: passkeyAssertion }),
]);
export type Proof = z.infer<typeof proof>;

export const firstPassword = z.strictObject({ password: password.min(min, fieldErrors.tooShort(min)) });

export const twoFactorSetup = z
  .object({
    uri: z.string().describe("For a QR code: `otpauth://…`."),
    secret: z.string().describe("The same to type: Base32."),
  })
  .meta({ id: "TwoFactorSetup" });
export type TwoFactorSetup = z.infer<typeof twoFactorSetup>;

export const twoFactorCode = z.strictObject({ code: text(textLimits.tag).min(1) });

export const recoveryCodes = z
  .object({ recovery_codes: z.array(z.string()).describe("Shown only now. Each works once.") })
  .meta({ id: "RecoveryCodes" });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;
