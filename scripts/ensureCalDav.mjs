import { installByApt, mayUseApt } from "./aptInstall.mjs";
import { findCalDavServer } from "./findCalDav.mjs";
import { SetupError } from "./project.mjs";

const servers = ["radicale", "xandikos"];
const advice =
  "The tests of connected calendars need the CalDAV servers Radicale and Xandikos: install the packages `radicale` and `xandikos`.";

/** Makes sure that both servers are there, installing Debian's where that is possible without asking. */
export function ensureCalDav() {
  const missing = () => servers.filter((name) => !findCalDavServer(name));
  if (missing().length > 0 && mayUseApt()) {
    installByApt(missing(), { what: "CalDAV servers for the tests of connected calendars", advice });
  }
  if (missing().length > 0) throw new SetupError(advice);
}
