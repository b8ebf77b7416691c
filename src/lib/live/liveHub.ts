import { openLiveStream, type Topic } from "./liveStream.ts";
import { openWindows, type Word } from "./windows.ts";

/** How often the leader asks which windows are open, ms. */
const BEAT_MS = 10_000;
/** After this silence a leader counts as frozen and a window as closed, ms. */
const SILENCE_MS = 25_000;
/** Changes of the topics within this time are combined, ms. */
const CALM_MS = 30;

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
  const others = new Map<string, { topics: readonly Topic[]; heardAt: number }>();
  let isLeader = false;
  let isInSight = false;
  let leave: (() => void) | null = null;
  let heardOfLeaderAt = 0;
  /** The stream that this window was last notified of. */
  let lastLeader: string | null = null;
  let isCatchingUp = false;
  let calm: ReturnType<typeof setTimeout> | undefined;

  const tell = (topic: Topic, data: string | null) => {
    for (const listener of own.get(topic) ?? []) listener(data);
  };
  const stream = openLiveStream({
    onEvent: (topic, data) => {
      windows?.say({ kind: "event", topic, data });
      tell(topic, data);
    },
    onLive: (topics, gap) => {
      windows?.say({ kind: "live", leader: me, topics, gap });
      hearLive(me, topics, gap);
    },
  });

  function hearLive(leader: string, topics: readonly Topic[], gap: boolean): void {
    const isOther = lastLeader !== null && leader !== lastLeader;
    const unheard = [...own.keys()].filter((topic) => !topics.includes(topic));
    if (gap || isOther || (isCatchingUp && unheard.length === 0)) {
      for (const topic of own.keys()) tell(topic, null);
    } else {
      // Another person is signed in there: listeners check who is signed in here.
      for (const topic of unheard) if (topic.startsWith("person:")) tell(topic, null);
    }
    lastLeader = leader;
    if (unheard.length === 0) isCatchingUp = false;
  }
  function hear(word: Word): void {
    switch (word.kind) {
      case "want":
        if (word.topics.length > 0)
          others.set(word.from, { topics: word.topics, heardAt: performance.now() });
        else others.delete(word.from);
        if (isLeader) follow();
        return;
      case "who":
        heardOfLeaderAt = performance.now();
        if (isInSight) sayWants();
        return;
      case "live":
        heardOfLeaderAt = performance.now();
        if (isInSight) hearLive(word.leader, word.topics, word.gap);
        return;
      case "event":
        if (isInSight) tell(word.topic, word.data);
        return;
      default:
        word satisfies never;
    }
  }
  const windows = openWindows(hear);
  const sayWants = () => windows?.say({ kind: "want", from: me, topics: isInSight ? [...own.keys()] : [] });
  const follow = () => {
    clearTimeout(calm);
    calm = setTimeout(() => {
      // The person of this window comes first: only one person can be signed in.
      const wanted = [...own.keys(), ...[...others.values()].flatMap(({ topics }) => topics)];
      if (isLeader) stream.follow([...new Set(wanted)]);
    }, CALM_MS);
  };

  const lead = () => {
    isLeader = true;
    windows?.say({ kind: "who", leader: me });
    follow();
  };
  const stopLeading = () => {
    isLeader = false;
    leave = null;
    stream.close();
  };
  const stand = (steal = false) => {
    if (windows) leave = windows.stand({ onLead: lead, onLost: loseLead, steal });
    else lead();
  };
  const loseLead = () => {
    stopLeading();
    if (isInSight && own.size > 0) stand();
  };
  const beat = () => {
    const now = performance.now();
    if (isLeader) {
      for (const [window, { heardAt }] of others) if (heardAt < now - SILENCE_MS) others.delete(window);
      windows?.say({ kind: "who", leader: me });
      follow();
    } else if (isInSight && own.size > 0 && windows && heardOfLeaderAt < now - SILENCE_MS) {
      leave?.();
      heardOfLeaderAt = now;
      stand(true);
    }
  };

  /** Takes part while the window is visible and has topics. */
  function takePart(): void {
    const takesPart = isInSight && own.size > 0;
    sayWants();
    if (takesPart && leave === null && !isLeader) {
      heardOfLeaderAt = performance.now();
      stand();
    } else if (!takesPart && (leave !== null || isLeader)) {
      leave?.();
      stopLeading();
    }
    if (isLeader) follow();
  }
  function look(inSight: boolean): void {
    if (inSight === isInSight) return;
    isInSight = inSight;
    // Events while the window was hidden were missed.
    if (inSight && lastLeader !== null) isCatchingUp = true;
    takePart();
    if (!inSight) lastLeader ??= "none";
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
