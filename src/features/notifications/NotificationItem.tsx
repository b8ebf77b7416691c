import type { Notification } from "#contract/notifications.ts";
import { inbox } from "#words/inbox.ts";
import { cn } from "@/lib/classNames.ts";
import { Link } from "@/lib/router/router.tsx";
import { timeAgo } from "@/lib/sessionTime.ts";
import { addressOf, quoteOf, sentenceOf } from "./notificationLine.ts";

type NotificationItemProps = {
  notification: Notification;
  timeZone: string;
  now: Date;
  onOpen: () => void;
};

export function NotificationItem({ notification, timeZone, now, onOpen }: NotificationItemProps) {
  const { read_at, created_at } = notification;
  const quote = quoteOf(notification);
  const isUnread = read_at === null;
  return (
    <li>
      <Link
        to={addressOf(notification)}
        onClick={onOpen}
        className="flex gap-3 px-4 py-3 leading-snug transition-colors hover:bg-sunken"
      >
        <span
          aria-hidden
          className={cn("mt-1.5 size-2.5 shrink-0 rounded-full", isUnread ? "bg-primary" : "bg-transparent")}
        />
        <span className="min-w-0">
          {isUnread && <span className="sr-only">{inbox.unread}</span>}
          <span className={cn("block [overflow-wrap:anywhere]", isUnread && "font-semibold")}>
            {sentenceOf(notification, timeZone)}
          </span>
          {quote && <span className="mt-0.5 block text-ink-soft">{inbox.quote(quote)}</span>}
          <time dateTime={created_at} className="mt-0.5 block text-sm text-ink-soft">
            {timeAgo(created_at, now)}
          </time>
        </span>
      </Link>
    </li>
  );
}
