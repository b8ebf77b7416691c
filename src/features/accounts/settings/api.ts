/** Calls of the API about one's own account. Each throws ApiProblem when it is refused. */
import type { Me, UpdateMe } from "#contract/accounts.ts";
import type { NewPasskey, Passkey, Proof, RecoveryCodes, TwoFactorSetup } from "#contract/signInMethods.ts";
import { api } from "@/lib/api.ts";

export function saveProfile(profile: UpdateMe): Promise<Me> {
  return api.patch("/api/v1/me", profile);
}

/** Also signs out all other devices. */
export function changePassword(passwords: {
  currentPassword: string;
  newPassword: string;
}): Promise<unknown> {
  return api.post("/api/auth/change-password", passwords);
}

export function signOutLogin(loginId: string): Promise<unknown> {
  return api.post("/api/auth/revoke-session", { token: loginId });
}

export function signOutOtherLogins(): Promise<unknown> {
  return api.post("/api/auth/revoke-other-sessions", {});
}

/** Lets this device change how the account is signed in to, for ten minutes. */
export function prove(proof: Proof): Promise<null> {
  return api.post("/api/v1/me/proof", proof);
}

/** For an account without one. */
export function setFirstPassword(password: string): Promise<null> {
  return api.post("/api/v1/me/password", { password });
}

export function addPasskey(made: NewPasskey): Promise<Passkey> {
  return api.post("/api/v1/me/passkeys", made);
}

export function removePasskey(passkeyId: string): Promise<null> {
  return api.delete(`/api/v1/me/passkeys/${encodeURIComponent(passkeyId)}`);
}

export function beginTwoFactor(): Promise<TwoFactorSetup> {
  return api.post("/api/v1/me/two-factor");
}

export function turnTwoFactorOn(code: string): Promise<RecoveryCodes> {
  return api.post("/api/v1/me/two-factor/confirm", { code });
}

export function turnTwoFactorOff(): Promise<null> {
  return api.delete("/api/v1/me/two-factor");
}

export function makeRecoveryCodes(): Promise<RecoveryCodes> {
  return api.post("/api/v1/me/two-factor/recovery-codes");
}

export function disconnectGoogle(): Promise<null> {
  return api.delete("/api/v1/me/google");
}
