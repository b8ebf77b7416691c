import { isDeepStrictEqual } from "node:util";
import { checkout } from "#contract/payments.ts";
import { type Programme, programme } from "#contract/programmes.ts";
import { series } from "#contract/series.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { runJobs, runTask } from "../../server/testing/jobs.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { moneyFaults } from "../../server/testing/moneyFaults.ts";
import { openTestProvider } from "../../server/testing/paymentProvider.ts";
import { joiningOf, makeProgramme } from "../../server/testing/programmes.ts";
import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import { openTestApp, type Person, type TestApp } from "../../server/testing/testApp.ts";
import { killAt, points } from "../crashes/points.ts";
import type { Finding, Scale } from "../proof.ts";
import { randomOf } from "../randomOf.ts";
import { codeOf } from "../rounds.ts";
import { ProgrammeModel } from "./programmeModel.ts";

const size = {
  long: { histories: 40, steps: 30, people: 8 },
  short: { histories: 1, steps: 12, people: 4 },
} satisfies Record<Scale, { histories: number; steps: number; people: number }>;

/** A person's way into a programme: what the model cannot know. */
interface Ticket {
  series: string;
  booking: string;
  order: string;
}

class History {
  private readonly tickets = new Map<string, Ticket>();
  /** All of a person's orders at the provider. */
  private readonly orders = new Map<string, string[]>();
  readonly counts: Record<string, number> = {};
  /** What was done last. */
  last = "";
  private readonly world: World;
  private readonly made: Programme;
  private readonly model: ProgrammeModel;
  private readonly random: () => number;

  constructor(world: World, made: Programme, model: ProgrammeModel, random: () => number) {
    this.world = world;
    this.made = made;
    this.model = model;
    this.random = random;
  }

  private pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  private count(what: string): void {
    this.last = what;
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** One random thing that a person, the mentor or the clock does. Returns how the outcome differs from the model's. */
  async step(canKill: boolean): Promise<string[]> {
    const { model } = this;
    const person = this.pick(this.world.people)!;
    const { id } = person;
    const chance = this.random();
    const kills = canKill && this.random() < 0.15;
    if (chance < 0.1) return this.rush();
    if (chance < 0.15) return this.changeSeats();
    if (chance < 0.18) return this.cancelDate();
    if (chance < 0.21) return this.decide();
    if (chance < 0.22) return this.cancelAll();
    if (model.isHeld(id)) return this.random() < 0.7 ? this.pay(person, kills) : this.lapse(person);
    if (model.isIn(id) && this.random() < 0.7) return this.leave(person);
    return kills && model.join(id, { try: true }) === "created" ? this.killedJoin(person) : this.join(person);
  }

  private expect(what: string, expected: string, answer: Answer): string[] {
    const outcome = answer.status < 400 ? (answer.status === 201 ? "created" : "ok") : codeOf(answer);
    this.count(outcome.endsWith("d") || outcome === "ok" ? what : outcome);
    return outcome === expected ? [] : [`${what}: ${outcome}, not ${expected}`];
  }

  private async ask(person: Person): Promise<Answer> {
    return person.call("POST", "/series", joiningOf(await this.read()));
  }

  async read(): Promise<Programme> {
    const path = `/mentors/${this.made.expert_id}/programmes/${this.made.id}`;
    return (await this.world.test.visitor("GET", path)).expect(200).read(programme);
  }

  private async join(person: Person): Promise<string[]> {
    const expected = this.model.join(person.id);
    const answer = await this.ask(person);
    if (answer.status === 201) await this.open(person, answer);
    return this.expect("joined", expected, answer);
  }

  /** Keeps what the payment needs. */
  private async open(person: Person, answer: Answer): Promise<void> {
    const { id, sessions } = answer.read(series);
    const booking = sessions[0]?.id ?? "";
    (await person.call("POST", `/bookings/${booking}/payment/checkout`)).expect(200).read(checkout);
    const { rows } = await this.world.test.db.owner.query<{ id: string }>(
      `select w.id from bookings b join payments w on w.basket_id = b.basket_id and w.booking_id is null where b.id = $1`,
      [booking],
    );
    const { id: order } = this.world.provider.orderOf(rows[0]?.id ?? "");
    this.tickets.set(person.id, { series: id, booking, order });
    this.orders.set(person.id, [...(this.orders.get(person.id) ?? []), order]);
  }

  /** Everyone who is not in it asks at the same moment. */
  private async rush(): Promise<string[]> {
    const people = this.world.people.filter(({ id }) => !this.model.isIn(id));
    const answers = await Promise.all(people.map((person) => this.ask(person)));
    const faults: string[] = [];
    // In the order of their luck: the model has to agree with it, and refuse the others.
    const inOrder = people
      .map((person, index) => ({ person, answer: answers[index]! }))
      .sort((a, b) => a.answer.status - b.answer.status);
    for (const { person, answer } of inOrder) {
      const expected = this.model.join(person.id);
      if (answer.status === 201) await this.open(person, answer);
      faults.push(...this.expect("joined at once", expected, answer));
    }
    return faults;
  }

  private async killedJoin(person: Person): Promise<string[]> {
    this.count("joins killed");
    let answer: Answer | undefined;
    await killAt(this.world.test.db.owner, points.inserted, "public.bookings", {
      run: async () => {
        answer = await this.ask(person).catch(() => undefined);
      },
      kill: async () => undefined,
      isLost: true,
    });
    if (answer?.status !== 201) return [];
    this.model.join(person.id);
    await this.open(person, answer);
    return [];
  }

  private async pay({ id, call }: Person, kills: boolean): Promise<string[]> {
    const { booking, order } = this.tickets.get(id)!;
    this.world.provider.pay(order);
    const refresh = () => call("POST", `/bookings/${booking}/payment/refresh`);
    if (kills) {
      this.count("payments killed");
      await killAt(this.world.test.db.owner, points.inserted, "public.payment_attempts", {
        run: () => refresh().catch(() => undefined),
        kill: async () => undefined,
        isLost: true,
      });
    }
    this.model.pay(id);
    return this.expect("paid", "ok", await refresh());
  }

  private async lapse({ id }: Person): Promise<string[]> {
    const { owner } = this.world.test.db;
    const { series: own } = this.tickets.get(id)!;
    await owner.query(
      "update bookings set expires_at = now() - interval '1 second' where series_id = $1 and status = 'pending'",
      [own],
    );
    await owner.query("select private.sweep_mentor($1, 100)", [this.made.expert_id]);
    this.model.release(id);
    this.count("lapsed");
    return [];
  }

  private async leave({ id, call }: Person): Promise<string[]> {
    const { series: own } = this.tickets.get(id)!;
    const { sessions } = (await call("GET", `/series/${own}`)).expect(200).read(series);
    const first = this.pick(sessions.filter(({ can_cancel }) => can_cancel));
    if (!first) return ["a person with a seat cannot leave"];
    // Of the person's sessions, which are fewer than the programme's if a date was cancelled before they joined.
    const from_place = first.place;
    const left = sessions.filter(({ place, can_cancel }) => place >= from_place && can_cancel);
    const refund = left.reduce((sum, each) => sum + Math.round(each.refund * 100), 0) / 100;
    const inProgramme = this.made.sessions.find(
      ({ starts_at }) => Date.parse(starts_at) === Date.parse(first.starts_at),
    );
    this.model.leave(id, inProgramme?.place ?? 0);
    return this.expect("left", "ok", await call("POST", `/series/${own}/cancel`, { from_place, refund }));
  }

  private async changeSeats(): Promise<string[]> {
    const capacity = 2 + Math.floor(this.random() * 6);
    const expected = this.model.changeSeats(capacity);
    const path = `/mentors/me/programmes/${this.made.id}`;
    return this.expect("seats changed", expected, await this.world.mentor.call("PATCH", path, { capacity }));
  }

  private async cancelDate(): Promise<string[]> {
    const place = this.pick(this.model.placesOn());
    if (place === undefined) return [];
    const session = this.made.sessions.find((each) => each.place === place);
    const path = `/mentors/me/group-sessions/${session?.group_session_id}/cancel`;
    this.model.cancelDate(place);
    return this.expect("date cancelled", "ok", await this.world.mentor.call("POST", path, {}));
  }

  private async cancelAll(): Promise<string[]> {
    const expected = this.model.cancelAll();
    const path = `/mentors/me/programmes/${this.made.id}/cancel`;
    return this.expect("programme cancelled", expected, await this.world.mentor.call("POST", path, {}));
  }

  private async decide(): Promise<string[]> {
    const { test, provider } = this.world;
    await test.db.owner.query("update programmes set decide_at = now() where id = $1", [this.made.id]);
    await runTask(test.db, "decide_group_sessions", {}, { provider });
    this.count(`decision: ${this.model.decide()}`);
    return [];
  }

  /** Where the programme, and the seats in the ledger, differ from the model. */
  async compare(): Promise<string[]> {
    const { state, capacity, seats_left, attendees, sessions } = await this.read();
    const on = sessions.filter((session) => session.state !== "cancelled").map(({ place }) => place);
    const shown = { state, capacity, seats_left, attendees, on };
    const { rows } = await this.world.test.db.owner.query<{ seat: string }>(
      `select format('%s %s %s', b.user_id, g.programme_place, case when b.status_when_paid is null then 'paid' else 'held' end) as seat
       from bookings b join group_sessions g on g.id = b.group_session_id and g.expert_id = b.expert_id
       where g.programme_id = $1 and b.status <> 'cancelled'`,
      [this.made.id],
    );
    const seats = rows.map(({ seat }) => seat).sort();
    const faults: string[] = [];
    if (!isDeepStrictEqual(shown, this.model.shown()))
      faults.push(`it shows ${JSON.stringify(shown)}, the model ${JSON.stringify(this.model.shown())}`);
    if (!isDeepStrictEqual(seats, this.model.seats()))
      faults.push(`the seats are ${seats.join(", ")}, in the model ${this.model.seats().join(", ")}`);
    return faults;
  }

  /** After the refunds: each person has paid what the sessions cost in which they have a seat. */
  async settle(): Promise<string[]> {
    const { test, provider, people } = this.world;
    for (const person of people) if (this.model.isHeld(person.id)) await this.lapse(person);
    await runJobs(test.db, { provider });
    const paidBy = (id: string) =>
      (this.orders.get(id) ?? []).reduce((sum, order) => sum + keptOf(provider, order), 0);
    return people.flatMap(({ id }) =>
      paidBy(id) === this.model.owes(id)
        ? []
        : [`a person has paid ${paidBy(id)}, and their sessions cost ${this.model.owes(id)}`],
    );
  }
}

interface World {
  test: TestApp;
  provider: ReturnType<typeof openTestProvider>;
  people: Person[];
  mentor: Awaited<ReturnType<TestApp["makeMentor"]>>;
}

interface Played {
  histories: number;
  counts: Record<string, number>;
  faults: string[];
}

/** What the provider has of an order and has not sent back, in minor units. */
function keptOf({ orders }: World["provider"], order: string): number {
  const captured = orders.get(order)?.attempts.filter(({ state }) => state === "captured") ?? [];
  return captured.reduce((sum, { amount, refunds }) => {
    const sent = refunds.filter(({ state }) => state === "done");
    return sum + amount.minor - sent.reduce((back, refund) => back + refund.amount.minor, 0);
  }, 0);
}

/** Random histories of programmes, each compared with the model after each step. */
async function play(
  { histories, steps, people: crowd }: (typeof size)[Scale],
  { canKill, isOneFaultEnough = false }: { canKill: boolean; isOneFaultEnough?: boolean },
  prepare: (test: TestApp) => Promise<unknown> = async () => undefined,
): Promise<Played> {
  const provider = openTestProvider();
  const test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  const played: Played = { histories: 0, counts: {}, faults: [] };
  try {
    await prepare(test);
    const people = await test.signUpCrowd(crowd);
    for (let round = 1; round <= histories; round++) {
      const random = randomOf(round * 7_919);
      const mentor = await test.makeMentor({
        settings: { instant_confirm: true },
        services: [
          {
            session_type: "groupSession",
            title: "Circle",
            capacity: 8,
            durations: [{ minutes: 60, price: 500 }],
            refund_full_cutoff: 1440,
          },
        ],
      });
      const weeks = 2 + Math.floor(random() * 4);
      const min_attendees = 1 + Math.floor(random() * 3);
      const capacity = Math.max(3, min_attendees);
      const price = 1000;
      const made = await makeProgramme(mentor, { weeks, price, capacity, min_attendees });
      const model = new ProgrammeModel({ weeks, capacity, minimum: min_attendees, priceMinor: price * 100 });
      const history = new History({ test, provider, people, mentor }, made, model, random);
      const faults: string[] = [];
      for (let step = 1; step <= steps && faults.length === 0; step++) {
        faults.push(...(await history.step(canKill)), ...(await history.compare()));
        if (faults.length > 0) faults.unshift(`history ${round}, step ${step}, ${history.last}`);
      }
      if (faults.length === 0) {
        faults.push(...(await history.settle()), ...(await history.compare()));
        faults.push(...(await moneyFaults(test.db.owner)));
        faults.push(...(await ledgerFaults(test.db.owner)).map((fault) => JSON.stringify(fault)));
      }
      played.histories += 1;
      played.faults.push(...faults);
      for (const [what, count] of Object.entries(history.counts))
        played.counts[what] = (played.counts[what] ?? 0) + count;
      if (isOneFaultEnough && faults.length > 0) break;
    }
    return played;
  } finally {
    await test.close();
  }
}

export async function playProgrammes(scale: Scale): Promise<Finding[]> {
  const { histories, counts, faults } = await play(size[scale], { canKill: scale === "long" });
  const all = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
  const figure = all.map(([what, count]) => `${count} ${what}`).join(", ");
  return [
    {
      promise:
        "Random histories of programmes agree with a second model at each step: who has which seats, what is left, what it shows; and at the end what each person has paid",
      figure: `${histories} histories · ${figure} · ${faults.length === 0 ? "no fault" : faults.slice(0, 4).join("; ")}`,
      holds: faults.length === 0,
    },
    ...(scale === "long" ? await playTwins() : []),
  ];
}

const twins = [
  {
    what: "without the count of the seats that are left, a programme keeps the seats of those who leave",
    line: ["private.settle_occupancy", "perform private.release_seat(old.expert_id, old.occupancy_id);"],
    replacement: "perform 1;",
  },
  {
    what: "without the wait for those who are paying, a programme is cancelled too early",
    line: ["private.decide_programmes", "due.attendees + due.paying >= due.min_attendees"],
    replacement: "false",
  },
] as const;

async function playTwins(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { what, line, replacement } of twins) {
    const { histories, faults } = await play(
      size.long,
      { canKill: false, isOneFaultEnough: true },
      async ({ db }) => rewriteFunction(db, line[0], line[1], replacement),
    );
    findings.push({
      promise: what,
      figure: `${histories} histories · ${faults.slice(0, 2).join("; ").slice(0, 160) || "no fault"}`,
      holds: faults.length > 0,
      twin: true,
    });
  }
  return findings;
}
