// The thread that reads calendar data: a file that is made for it keeps a processor busy for minutes.
import { parentPort, workerData } from "node:worker_threads";
import { adoptZoneTable, type ZoneTable } from "#scheduling/zoneTable.ts";
import type { BusyQuery, BusyReading } from "./busyInterval.ts";
import { busyTimes, type RefusedCalendar } from "./busyTimes.ts";

export interface BusyQuestion {
  texts: readonly string[];
  query: BusyQuery;
}

export type BusyReply = (BusyReading | RefusedCalendar)[];

for (const [timeZone, table] of workerData as [string, ZoneTable][]) adoptZoneTable(timeZone, table);

parentPort?.on("message", ({ texts, query }: BusyQuestion) => {
  const reply: BusyReply = texts.map((text) => busyTimes(text, query));
  parentPort?.postMessage(reply);
});
