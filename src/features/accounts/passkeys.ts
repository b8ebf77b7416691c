import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/browser";
import type { NewPasskey, PasskeyAssertion } from "#contract/signInMethods.ts";
import { api } from "@/lib/api.ts";

/** Loaded when it is needed. */
const loadWebAuthn = () => import("@simplewebauthn/browser");

export const supportsPasskeys = (): boolean => typeof PublicKeyCredential === "function";

/** Whether the browser offers passkeys in the field of the e-mail address. */
export async function offersPasskeysInFields(): Promise<boolean> {
  return supportsPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
}

/** Why there is no passkey: the person or the browser cancelled, or the device already has one. */
export class NoPasskey extends Error {
  readonly alreadyThere: boolean;
  constructor(cause: unknown) {
    super("no passkey", { cause });
    this.alreadyThere =
      (cause instanceof Error && cause.name === "InvalidStateError") ||
      (typeof cause === "object" &&
        cause !== null &&
        "code" in cause &&
        cause.code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED");
  }
}

const challengePaths = {
  "sign in": "/api/auth/passkey/challenge",
  prove: "/api/v1/me/proof/challenge",
} as const;

/**
 * Asks the browser for a passkey. A new call ends the one before, also one that waits in a field.
 * @param where "field": the person chooses it in the field of the e-mail address, whenever they like
 * @throws ApiProblem, NoPasskey
 */
export async function askForPasskey(
  purpose: keyof typeof challengePaths,
  where: "field" | "dialog" = "dialog",
): Promise<PasskeyAssertion> {
  const [{ startAuthentication }, optionsJSON] = await Promise.all([
    loadWebAuthn(),
    api.post<PublicKeyCredentialRequestOptionsJSON>(
      challengePaths[purpose],
      {},
      {
        forAnyone: purpose === "sign in",
      },
    ),
  ]);
  const answer: AuthenticationResponseJSON = await startAuthentication({
    optionsJSON,
    useBrowserAutofill: where === "field",
  }).catch((cause: unknown) => {
    throw new NoPasskey(cause);
  });
  return answer as PasskeyAssertion;
}

/** Ends a call that waits. */
export async function stopAskingForPasskey(): Promise<void> {
  const { WebAuthnAbortService } = await loadWebAuthn();
  WebAuthnAbortService.cancelCeremony();
}

/** Lets the device make a passkey. @throws ApiProblem, NoPasskey */
export async function makePasskey(): Promise<NewPasskey> {
  const [{ startRegistration }, optionsJSON] = await Promise.all([
    loadWebAuthn(),
    api.post<PublicKeyCredentialCreationOptionsJSON>("/api/v1/me/passkeys/challenge"),
  ]);
  const made: RegistrationResponseJSON = await startRegistration({ optionsJSON }).catch((cause: unknown) => {
    throw new NoPasskey(cause);
  });
  return made as NewPasskey;
}
