import type { Muted } from "#rules/topics.ts";
import type { EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Channel, SettingsOf } from "./channel.ts";
import { email } from "./email.ts";
import { inbox } from "./inbox.ts";
import type { Message } from "./message.ts";
import { alwaysTold, topicOf } from "./topics.ts";

/** All channels; add a new one here. */
const channels: readonly Channel[] = [inbox, email];

/** Writes all messages, each on the channels on which its recipient wants it. */
export async function writeMessages(tx: SystemTx, messages: readonly Message[], now: EpochMs): Promise<void> {
  if (messages.length === 0) return;
  const settingsOf = await readSettings(tx, messages);
  await Promise.all(
    channels.map(async (channel) => {
      const wanted = messages.filter((message) => {
        const settings = settingsOf(message.recipient.id);
        const isMuted =
          !alwaysTold.has(message.kind) && settings.muted.has(`${channel.name}:${topicOf[message.kind]}`);
        return !isMuted && channel.wants(message, settings, now);
      });
      if (wanted.length > 0) await channel.write(tx, wanted, settingsOf, now);
    }),
  );
}

interface SettingsRow {
  user_id: string;
  muted: Muted[];
  quiet_from: string | null;
  quiet_until: string | null;
  has_confirmed_address: boolean;
}

async function readSettings({ client }: SystemTx, messages: readonly Message[]): Promise<SettingsOf> {
  const people = [...new Set(messages.map(({ recipient }) => recipient.id))];
  const { rows } = await client.query<SettingsRow>({
    name: "recipient_settings",
    text: "select * from private.recipient_settings($1)",
    values: [people],
  });
  const settings = new Map(
    rows.map(({ user_id, muted, quiet_from, quiet_until, has_confirmed_address }) => [
      user_id,
      {
        muted: new Set(muted),
        quiet: quiet_from && quiet_until ? { from: quiet_from, until: quiet_until } : undefined,
        hasConfirmedAddress: has_confirmed_address,
      },
    ]),
  );
  return (personId) => {
    const found = settings.get(personId);
    if (!found) throw new Error(`The settings of ${personId} were not read.`);
    return found;
  };
}
