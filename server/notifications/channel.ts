import type { ChannelName, Muted } from "#rules/topics.ts";
import type { EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Message } from "./message.ts";

/** What a person has chosen, and what decides whether mail may go to their address. */
export interface RecipientSettings {
  muted: ReadonlySet<Muted>;
  /** HH:MM in the person's zone. */
  quiet: { from: string; until: string } | undefined;
  hasConfirmedAddress: boolean;
}

export type SettingsOf = (personId: string) => RecipientSettings;

/** A way to reach people. `write` may be called again with the same message and must then do nothing. */
export interface Channel {
  name: ChannelName;
  /** Whether the message belongs on this channel, if the person has not muted its topic. */
  wants(message: Message, settings: RecipientSettings, now: EpochMs): boolean;
  /** In the transaction that also records that the messages were written; what reaches outside of it is sent later. */
  write(tx: SystemTx, messages: readonly Message[], settingsOf: SettingsOf, now: EpochMs): Promise<void>;
}
