import { useId } from "react";
import type { NotificationSettings } from "#contract/notificationSettings.ts";
import { type ChannelName, type Muted, type Topic, topics } from "#rules/topics.ts";
import { topicTable, topicTexts } from "#words/notificationSettings.ts";
import { SwitchControl } from "@/ui/Switch.tsx";
import { SavedMark } from "./SavedMark.tsx";
import type { SettingsChanges } from "./useSettingsChanges.ts";

const channels = ["inbox", "email"] as const satisfies ChannelName[];

type TopicTableProps = { muted: readonly Muted[]; changes: SettingsChanges };

/** Each topic's channels, as switches. */
export function TopicTable({ muted, changes }: TopicTableProps) {
  const id = useId();
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">{topicTable.caption}</caption>
      <thead>
        <tr className="border-b border-line text-sm text-ink-soft">
          <th scope="col" className="text-left">
            <span className="sr-only">{topicTable.topic}</span>
          </th>
          {channels.map((channel) => (
            <th key={channel} id={id + channel} scope="col" className="w-17 pb-1.5 font-semibold sm:w-24">
              {topicTable[channel]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {topics.map((topic) => (
          <TopicRow key={topic} id={id} topic={topic} muted={muted} changes={changes} />
        ))}
      </tbody>
    </table>
  );
}

function TopicRow({ id, topic, muted, changes }: TopicTableProps & { id: string; topic: Topic }) {
  const { title, text } = topicTexts[topic];
  const isSilent = channels.every((channel) => muted.includes(`${channel}:${topic}`));
  return (
    <tr>
      <th scope="row" className="py-3 pr-2 text-left font-normal">
        <span className="flex flex-wrap items-center gap-x-2.5">
          <span id={id + topic} className="font-semibold">
            {title}
          </span>
          <SavedMark isShown={changes.savedPlace === topic} />
        </span>
        <span className="block text-sm text-ink-soft">{text}</span>
        {isSilent && topic === "bookings" && (
          <span className="mt-1 block text-sm font-semibold text-accent-text">{topicTable.noBookings}</span>
        )}
      </th>
      {channels.map((channel) => {
        const mute = `${channel}:${topic}` as const;
        const isOn = !muted.includes(mute);
        return (
          <td key={channel} className="p-0 align-middle">
            <div className="grid place-items-center">
              <SwitchControl
                checked={isOn}
                onChange={() =>
                  changes.change({
                    field: "muted",
                    place: topic,
                    apply: (settings) => withMute(settings, mute, isOn),
                    undo: (settings) => withMute(settings, mute, !isOn),
                  })
                }
                aria-labelledby={`${id}${topic} ${id}${channel}`}
              />
            </div>
          </td>
        );
      })}
    </tr>
  );
}

function withMute(settings: NotificationSettings, mute: Muted, isMuted: boolean): NotificationSettings {
  const others = settings.muted.filter((each) => each !== mute);
  return { ...settings, muted: isMuted ? [...others, mute] : others };
}
