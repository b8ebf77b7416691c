import { openLiveStream, type Topic } from "./liveStream.ts";
import { openWindows, type WindowMessage } from "./windows.ts";

/** How often the leader queries which windows are open, ms. */
const BEAT_MS = 10_000;
/** After this silence a leader counts as frozen and a window as closed, ms. */
const SILENCE_MS = 25_000;
/** Changes of the topics within this time are combined, ms. */
const COALESCE_MS = 30;

/** @param data null if events may have been missed */
type Listener = (data: string | null) => void;

/**
 * Live events for all windows of a browser over one stream: HTTP/1.1 allows six connections to a site, and a seventh window
 * would wait for ever. The visible windows elect a leader, which opens the stream and forwards its events; when the leader
 * is closed, hidden or frozen, the next one takes over, and all windows refetch once. Without shared locks (an address
 * without https) each window has its own stream.
 */
function openLiveHub() {
  const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const own = new Map<Topic, Set<Listener>>();
  const others = new Map<string, { topics: readonly Topic[]; seenAt: number }>();
  let isLeader = false;
  let isVisible = false;
  let leave: (() => void) | null = null;
  let leaderSeenAt = 0;
  /** The stream that this window was last notified of. */
  let lastLeader: string | null = null;
  let isCatchingUp = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const notify = (topic: Topic, data: string | null) => {
    for (const listener of own.get(topic) ?? []) listener(data);
  };
  const stream = openLiveStream({
    onEvent: (topic, data) => {
      windows?.post({ kind: "event", topic, data });
      notify(topic, data);
    },
    onLive: (topics, gap) => {
      windows?.post({ kind: "live", leader: me, topics, gap });
      receiveLive(me, topics, gap);
    },
  });

  function receiveLive(leader: string, topics: readonly Topic[], gap: boolean): void {
    const isOther = lastLeader !== null && leader !== lastLeader;
    const missing = [...own.keys()].filter((topic) => !topics.includes(topic));
    if (gap || isOther || (isCatchingUp && missing.length === 0)) {
      for (const topic of own.keys()) notify(topic, null);
    } else {
      // Another person is signed in there: listeners check who is signed in here.
      for (const topic of missing) if (topic.startsWith("person:")) notify(topic, null);
    }
    lastLeader = leader;
    if (missing.length === 0) isCatchingUp = false;
  }
  function receive(message: WindowMessage): void {
    switch (message.kind) {
      case "want":
        if (message.topics.length > 0)
          others.set(message.from, { topics: message.topics, seenAt: performance.now() });
        else others.delete(message.from);
        if (isLeader) follow();
        return;
      case "who":
        leaderSeenAt = performance.now();
        if (isVisible) postTopics();
        return;
      case "live":
        leaderSeenAt = performance.now();
        if (isVisible) receiveLive(message.leader, message.topics, message.gap);
        return;
      case "event":
        if (isVisible) notify(message.topic, message.data);
        return;
      default:
        message satisfies never;
    }
  }
  const windows = openWindows(receive);
  const postTopics = () =>
    windows?.post({ kind: "want", from: me, topics: isVisible ? [...own.keys()] : [] });
  const follow = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // The person of this window comes first: only one person can be signed in.
      const wanted = [...own.keys(), ...[...others.values()].flatMap(({ topics }) => topics)];
      if (isLeader) stream.follow([...new Set(wanted)]);
    }, COALESCE_MS);
  };

  const lead = () => {
    isLeader = true;
    windows?.post({ kind: "who", leader: me });
    follow();
  };
  const stopLeading = () => {
    isLeader = false;
    leave = null;
    stream.close();
  };
  const awaitLead = (steal = false) => {
    if (windows) leave = windows.awaitLead({ onLead: lead, onLost: loseLead, steal });
    else lead();
  };
  const loseLead = () => {
    stopLeading();
    if (isVisible && own.size > 0) awaitLead();
  };
  const beat = () => {
    const now = performance.now();
    if (isLeader) {
      for (const [window, { seenAt }] of others) if (seenAt < now - SILENCE_MS) others.delete(window);
      windows?.post({ kind: "who", leader: me });
      follow();
    } else if (isVisible && own.size > 0 && windows && leaderSeenAt < now - SILENCE_MS) {
      leave?.();
      leaderSeenAt = now;
      awaitLead(true);
    }
  };

  /** Takes part while the window is visible and has topics. */
  function takePart(): void {
    const takesPart = isVisible && own.size > 0;
    postTopics();
    if (takesPart && leave === null && !isLeader) {
      leaderSeenAt = performance.now();
      awaitLead();
    } else if (!takesPart && (leave !== null || isLeader)) {
      leave?.();
      stopLeading();
    }
    if (isLeader) follow();
  }
  function look(visible: boolean): void {
    if (visible === isVisible) return;
    isVisible = visible;
    // Events while the window was hidden were missed.
    if (visible && lastLeader !== null) isCatchingUp = true;
    takePart();
    if (!visible) lastLeader ??= "none";
  }
  const followSight = () => look(!document.hidden);
  document.addEventListener("visibilitychange", followSight);
  for (const away of ["pagehide", "freeze"]) window.addEventListener(away, () => look(false));
  for (const back of ["pageshow", "resume"]) window.addEventListener(back, followSight);
  setInterval(beat, BEAT_MS);
  followSight();

  return {
    subscribe(topic: Topic, listener: Listener): () => void {
      own.set(topic, (own.get(topic) ?? new Set()).add(listener));
      takePart();
      return () => {
        own.get(topic)?.delete(listener);
        if (own.get(topic)?.size === 0) own.delete(topic);
        takePart();
      };
    },
  };
}

let hub: ReturnType<typeof openLiveHub> | undefined;

/** Subscribes to a topic; returns a function that unsubscribes. */
export function subscribeLive(topic: Topic, listener: Listener): () => void {
  hub ??= openLiveHub();
  return hub.subscribe(topic, listener);
}
