import { notificationSettings, updateNotificationSettings } from "#contract/notificationSettings.ts";
import { markRead, notificationPage, notificationQuery, unreadCount } from "#contract/notifications.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { countUnread, listNotifications } from "./queries.ts";
import { changeNotificationSettings, readNotificationSettings } from "./settings.ts";

const tags = ["Notifications"];

export async function notificationRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
  app.get("/notifications", {
    schema: {
      tags,
      summary: "List my notifications",
      querystring: notificationQuery,
      response: { 200: notificationPage, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => listNotifications(tx, request.query));
    },
  });

  app.get("/me/notification-settings", {
    schema: {
      tags,
      summary: "Get what I want to be notified of",
      response: { 200: notificationSettings, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => readNotificationSettings(tx, caller.id));
    },
  });

  app.patch("/me/notification-settings", {
    schema: {
      tags,
      summary: "Change what I want to be notified of",
      body: updateNotificationSettings,
      response: { 200: notificationSettings, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => changeNotificationSettings(database, request.caller.id, request.body),
  });

  app.post("/notifications/read", {
    schema: {
      tags,
      summary: "Mark some or all notifications as read",
      body: markRead,
      response: { 200: unreadCount, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const ids = request.body?.ids;
      return database.asUser(caller.id, async (tx) => {
        let update = tx.db
          .updateTable("notifications")
          .set({ read_at: new Date() })
          .where("read_at", "is", null);
        if (ids) update = update.where("id", "in", ids);
        await update.execute();
        return { unread_count: await countUnread(tx) };
      });
    },
  });
}
