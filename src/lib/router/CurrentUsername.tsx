import { paths } from "@/lib/paths.ts";
import { Navigate, useLocation, useParams } from "./router.tsx";

/** Replaces a former username in the address of a mentor's page, or of one below it, by the current one. */
export function CurrentUsername({ mentor: { id, username } }: { mentor: { id: string; username: string } }) {
  const { username: named = "" } = useParams();
  const { pathname, search, hash, state } = useLocation();
  // The address may also have the id.
  if ([username, id].includes(named.toLowerCase())) return null;
  const current = pathname.replace(/^\/mentors\/[^/]+/, paths.mentor(username));
  return <Navigate replace to={current + search + hash} state={state} />;
}
