import { performance } from "node:perf_hooks";
import { MINUTE_MS } from "#scheduling/units.ts";
import { notComposed } from "#words/mailbox.ts";
import { abortableSleep } from "../platform/abortableSleep.ts";
import type { Database } from "../platform/database/database.ts";
import type { Log } from "../platform/queue/queueLogger.ts";
import { type ComposedMail, type Composing, composeMail } from "./composeMail.ts";
import { type MailContent, mailContent } from "./mailContent.ts";
import { type MailSession, readMailSessions } from "./mailSession.ts";
import { openPace } from "./pace.ts";
import { codeOfFailure, judgeFailure, retryPause } from "./smtpFailure.ts";
import type { MailTransport } from "./transport.ts";

export interface Sending {
  database: Database;
  transport: MailTransport;
  composing: Composing;
  /** How many mails this process sends per second at most. */
  perSecond: number;
  log: Log;
  /** Called with the outcome of every attempt. */
  onAttempt?: (outcome: "done" | "failed" | "given_up") => void;
}

/** A row that this process has claimed. */
interface Claim {
  id: string;
  user_id: string | null;
  address: string;
  kind: string;
  content: unknown;
  sealed_code: Buffer | null;
  attempt: number;
}

const reason = "mails go to people who asked for nothing just now";
/** How many mails a lane claims at a time. */
const batch = 10;
/** For how long others leave a claimed mail alone, seconds; renewed as long as its process lives. */
const leaseSeconds = 60;
const renewMs = 20_000;
/** How often it is tried to record that a mail was sent, while the lease keeps others from sending it again. */
const markAttempts = 5;

/**
 * Sends what is due, in several lanes: a mail that takes long holds up only those behind it. Each row is claimed for a while
 * before its mail is sent, and marked after. A process that is killed in between leaves it to another one, whose copy has the
 * same Message-ID.
 */
export function openMailSender({ database, transport, composing, perSecond, log, onAttempt }: Sending) {
  const pace = openPace(perSecond);
  const stopping = new AbortController();
  /** Set while the mail server does not work. */
  let downUntil = Number.NEGATIVE_INFINITY;
  let downTimes = 0;
  /** How many mails in a row were interrupted: the first one may be the reason itself. */
  let interruptions = 0;
  const lanes = new Set<Promise<void>>();
  let claimedInAll = 0;

  const isDown = () => performance.now() < downUntil;

  /** Claims and sends until nothing is due. */
  async function runLane(): Promise<void> {
    while (!stopping.signal.aborted && !isDown()) {
      const claims = await claim();
      claimedInAll += claims.length;
      if (claims.length === batch) openLane();
      await sendAll(claims);
      if (claims.length < batch) break;
    }
  }

  function openLane(): void {
    if (lanes.size >= transport.connections) return;
    const lane: Promise<void> = runLane()
      .catch((error) => log.warn({ err: error }, "Mails could not be sent; they will be"))
      .finally(() => lanes.delete(lane));
    lanes.add(lane);
  }

  async function claim(): Promise<Claim[]> {
    const { rows } = await database.commands.query<Claim>({
      name: "claim_deliveries",
      text: "select * from private.claim_deliveries($1, make_interval(secs => $2))",
      values: [batch, leaseSeconds],
    });
    return rows;
  }

  async function sendAll(claims: readonly Claim[]): Promise<void> {
    const waiting = new Map(claims.map((claimed) => [claimed.id, claimed]));
    const renewing = setInterval(() => void renew([...waiting.values()]).catch(() => undefined), renewMs);
    try {
      const letters = await readLetters(claims);
      for (const { claimed, content, session, together } of letters) {
        if (stopping.signal.aborted || isDown()) break;
        await sendOne(claimed, content, session, together);
        waiting.delete(claimed.id);
      }
    } finally {
      clearInterval(renewing);
    }
    for (const claimed of waiting.values()) await postpone(claimed, 0, null, false);
  }

  async function readLetters(claims: readonly Claim[]) {
    const parsed = claims.map((claimed) => ({
      claimed,
      content: mailContent.safeParse(claimed.content).data,
    }));
    const bookings = parsed.flatMap(({ content }) => {
      if (!content?.booking) return [];
      const { id, mentor_id } = content.booking;
      const ids = new Set([id, ...(content.together ?? [])]);
      return [...ids].map((each) => ({ id: each, mentor_id }));
    });
    const sessions = await readMailSessions(database.commands, bookings);
    return parsed.map(({ claimed, content }) => ({
      claimed,
      content,
      session: content?.booking && sessions.get(content.booking.id),
      together: content?.together?.flatMap((id) => sessions.get(id) ?? []),
    }));
  }

  async function sendOne(
    claimed: Claim,
    content: MailContent | undefined,
    session: MailSession | undefined,
    together: MailSession[] | undefined,
  ): Promise<void> {
    let mail: ComposedMail;
    try {
      if (!content) throw new Error("Its content has an unknown form.");
      const { id, user_id: userId, address, kind, sealed_code: sealedCode } = claimed;
      mail = composeMail({ id, userId, address, kind, content, sealedCode, session, together }, composing);
    } catch (error) {
      log.error({ err: error, mail: claimed.id, kind: claimed.kind }, "A mail could not be composed");
      await end(claimed, "undeliverable", notComposed((error as Error).message));
      return;
    }
    await pace(stopping.signal);
    try {
      await transport.send(mail);
    } catch (error) {
      await recordFailure(claimed, error);
      return;
    }
    downTimes = 0;
    interruptions = 0;
    onAttempt?.("done");
    await markSent(claimed);
  }

  async function markSent(claimed: Claim): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await end(claimed, "sent", null);
      } catch (error) {
        if (attempt === markAttempts) throw error;
        await abortableSleep(attempt * 1_000, stopping.signal);
      }
    }
  }

  async function recordFailure(claimed: Claim, error: unknown): Promise<void> {
    const failure = judgeFailure(error);
    const about = { mail: claimed.id, kind: claimed.kind, failure: codeOfFailure(error) };
    interruptions = failure.kind === "interrupted" ? interruptions + 1 : 0;
    if (failure.kind === "down" || interruptions > 1) {
      downTimes += 1;
      downUntil = performance.now() + Math.min(1_000 * 2 ** downTimes, MINUTE_MS);
      log.warn(about, "The mail server does not work; mails wait for it");
      await postpone(claimed, 0, failure.reason, false);
      return;
    }
    if (failure.kind !== "rejected") {
      onAttempt?.("failed");
      log.info(about, "A mail is tried again later");
      await postpone(claimed, retryPause(claimed.attempt), failure.reason, true);
      return;
    }
    onAttempt?.("given_up");
    log.warn(about, "A mail was rejected for good");
    await end(claimed, "undeliverable", failure.reason, failure.isUnreachable ? claimed.address : null);
  }

  async function end(
    { id, attempt }: Claim,
    outcome: "sent" | "undeliverable",
    error: string | null,
    unreachable: string | null = null,
  ): Promise<void> {
    const call = {
      name: "end_delivery",
      text: "select private.end_delivery($1, $2, $3, $4, $5)",
      values: [id, attempt, outcome, error, unreachable],
    };
    if (unreachable === null) await database.commands.query(call);
    else await database.asSystem(reason, null, ({ client }) => client.query(call));
  }

  async function postpone(
    { id, attempt }: Claim,
    minutes: number,
    error: string | null,
    counts: boolean,
  ): Promise<void> {
    await database.commands.query({
      name: "postpone_delivery",
      text: "select private.postpone_delivery($1, $2, make_interval(mins => $3), $4, $5)",
      values: [id, attempt, minutes, error, counts],
    });
  }

  async function renew(claims: readonly Claim[]): Promise<void> {
    await database.commands.query({
      name: "renew_claims",
      text: "select private.renew_claims($1, $2, make_interval(secs => $3))",
      values: [claims.map(({ id }) => id), claims.map(({ attempt }) => attempt), leaseSeconds],
    });
  }

  return {
    /** Begins to send what is due, unless enough lanes are doing that. */
    open: (): void => {
      if (!isDown()) openLane();
    },
    /** Sends all that is due, unless the mail server is down. Returns how many mails were tried. */
    drain: async (): Promise<number> => {
      const before = claimedInAll;
      openLane();
      while (lanes.size > 0) await Promise.all(lanes);
      return claimedInAll - before;
    },
    /** Finishes the mails that are on their way. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.allSettled(lanes);
      transport.close();
    },
  };
}
