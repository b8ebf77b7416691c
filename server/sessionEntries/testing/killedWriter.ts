/** A worker in a process of its own that is killed once, or just before, its provider has written: `<mentor> before|after`. */
import { openConnecting } from "../../calendarConnections/connectionKinds.ts";
import { openDatabase } from "../../platform/database/database.ts";
import { testPublicUrl } from "../../testing/testApp.ts";
import { writeEntries } from "../writeEntries.ts";
import { writingBy } from "./writingBy.ts";

const [mentorId = "", when] = process.argv.slice(2);
const {
  DATABASE_URL: url = "",
  AUTH_SECRET: authSecret = "",
  PRIVATE_CALENDAR_HOSTS: host = "",
} = process.env;
const database = openDatabase({ url });
const connecting = openConnecting({ authSecret, publicUrl: testPublicUrl, privateCalendarHosts: [host] });
const kill = () => {
  process.kill(process.pid, "SIGKILL");
  return new Promise<never>(() => undefined);
};
const killed = writingBy(connecting, ({ put, remove }) => ({
  put: async (...given) => {
    if (when === "after") await put(...given);
    return kill();
  },
  remove: async (...given) => {
    if (when === "after") await remove(...given);
    return kill();
  },
}));
await writeEntries({ database, ...killed }, mentorId);
await database.close();
