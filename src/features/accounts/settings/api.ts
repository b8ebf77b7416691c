/** Calls of the API about one's own account. Each throws ApiProblem when it is refused. */
import type { Me, UpdateMe } from "#contract/accounts.ts";
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
