import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
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

/** A list that is fetched again; before its response arrives, the page writes what it has changed. */
async function seenAfterWrite(client: QueryClient): Promise<string | undefined> {
  let stored = "before";
  let arrive = () => {};
  const onItsWay = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let fetches = 0;
  const queryKey = ["write", Math.random()];
  const observer = new QueryObserver<string>(client, {
    queryKey,
    queryFn: async () => {
      const read = stored;
      if (++fetches === 2) await onItsWay;
      return read;
    },
  });
  const stop = observer.subscribe(() => {});
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("before"));
  const refetched = observer.refetch();
  stored = "after";
  client.setQueryData(queryKey, "after");
  arrive();
  await refetched;
  await vi.waitFor(() => expect(observer.getCurrentResult().isFetching).toBe(false));
  const { data } = observer.getCurrentResult();
  stop();
  return data;
}

it("a response that is older than what a page has written does not replace it", async () => {
  expect(await seenAfterWrite(queryClient)).toBe("after");
});

it("without it the library shows the older response (twin)", async () => {
  expect(await seenAfterWrite(new QueryClient())).toBe("before");
});
