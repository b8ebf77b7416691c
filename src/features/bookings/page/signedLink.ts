import type { BookingRole } from "#rules/bookingState.ts";
import type { SessionAccess } from "@/lib/sessionAccess.ts";

const form =
  /^v1\.(student|mentor)\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.[0-9a-f-]{36}(?:\.\d+)?\.[\w-]+$/;

export type SignedLink = { access: SessionAccess; role: BookingRole };

/** Which session a signed link (`/manage#<token>`) opens, and for whom; null when it is none. The server judges it. */
export function readSignedLink(hash: string): SignedLink | null {
  const token = hash.replace(/^#/, "");
  const [, role, bookingId] = form.exec(token) ?? [];
  if ((role !== "student" && role !== "mentor") || !bookingId) return null;
  return { access: { bookingId, token }, role };
}
