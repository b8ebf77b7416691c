import { beforeEach, describe, expect, it, vi } from "vitest";
import { currentLocation, navigate, onLocationChange } from "./location.ts";

/** A window with as much of a history as `navigate` uses. */
class TestWindow extends EventTarget {
  location = new URL("https://matepeak.example/mentor/sessions?view=day#top");
  readonly entries: unknown[] = [null];
  readonly history = {
    state: null as unknown,
    pushState: (state: unknown, _: string, href: string) => {
      this.entries.push(state);
      this.enter(state, href);
    },
    replaceState: (state: unknown, _: string, href: string) => {
      this.entries[this.entries.length - 1] = state;
      this.enter(state, href);
    },
  };

  private enter(state: unknown, href: string): void {
    const next = new URL(href, this.location);
    if (next.origin !== this.location.origin) throw new Error("SecurityError");
    this.location = next;
    this.history.state = state;
  }
}

let window: TestWindow;
beforeEach(() => {
  window = new TestWindow();
  vi.stubGlobal("window", window);
  return () => vi.unstubAllGlobals();
});

describe("navigate", () => {
  it("adds an entry with its state, and notifies", () => {
    const listener = vi.fn();
    const stop = onLocationChange(listener);
    navigate("/sessions?a=1#b", { state: { from: "here" } });
    expect(currentLocation()).toMatchObject({
      pathname: "/sessions",
      search: "?a=1",
      hash: "#b",
      state: { from: "here" },
    });
    expect(window.entries).toHaveLength(2);
    expect(listener).toHaveBeenCalledOnce();
    stop();
    navigate("/");
    expect(listener).toHaveBeenCalledOnce();
  });

  it("replaces the entry, and gives it another key", () => {
    navigate("/sessions");
    const { key } = currentLocation();
    navigate("/sessions", { replace: true });
    expect(window.entries).toHaveLength(2);
    expect(currentLocation().key).not.toBe(key);
  });

  it("keeps the path for a query alone, and drops an empty query", () => {
    navigate("?view=week");
    expect(window.location.href).toBe("https://matepeak.example/mentor/sessions?view=week");
    navigate("?");
    expect(window.location.href).toBe("https://matepeak.example/mentor/sessions");
  });

  it("does not take a path that begins with two slashes for another site", () => {
    navigate("/.//evil.example");
    expect(window.location.href).toBe("https://matepeak.example//evil.example");
  });
});

it("returns the same object for the same place, also after popstate", () => {
  const before = currentLocation();
  const listener = vi.fn();
  const stop = onLocationChange(listener);
  window.dispatchEvent(new Event("popstate"));
  expect(listener).toHaveBeenCalledOnce();
  expect(currentLocation()).toBe(before);
  stop();
});
