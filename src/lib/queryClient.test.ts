import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { queryClient } from "./queryClient.ts";

/** A query whose first response is written before a change and arrives after it. */
async function seenAfterChange(client: QueryClient): Promise<string | undefined> {
  let stored = "before";
  let arrive = () => {};
  const onItsWay = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const observer = new QueryObserver<string>(client, {
    queryKey: ["change", Math.random()],
    queryFn: async () => {
      const read = stored;
      if (read === "before") await onItsWay;
      return read;
    },
  });
  const stop = observer.subscribe(() => {});
  stored = "after";
  const invalidated = client.invalidateQueries({ queryKey: ["change"] });
  arrive();
  await invalidated;
  const { data } = observer.getCurrentResult();
  stop();
  return data;
}

it("refetches a query that changed during its first fetch", async () => {
  expect(await seenAfterChange(queryClient)).toBe("after");
});

it("without it the library keeps the older response (twin)", async () => {
  expect(await seenAfterChange(new QueryClient())).toBe("before");
});
