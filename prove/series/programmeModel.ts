interface Member {
  isPaid: boolean;
  /** By place. */
  seats: Set<number>;
}

export type State = "open" | "on" | "cancelled";

/** A programme as its rules are told (docs/decisions/0075): no SQL, no ledger, no clock. */
export class ProgrammeModel {
  private state: State = "open";
  private capacity: number;
  private readonly minimum: number;
  /** What each session costs, by place. */
  private readonly shares: ReadonlyMap<number, number>;
  private readonly on: Set<number>;
  private readonly members = new Map<string, Member>();

  constructor({
    weeks,
    capacity,
    minimum,
    priceMinor,
  }: {
    weeks: number;
    capacity: number;
    minimum: number;
    priceMinor: number;
  }) {
    const places = Array.from({ length: weeks }, (_, index) => index + 1);
    this.capacity = capacity;
    this.minimum = minimum;
    this.on = new Set(places);
    const rest = priceMinor % weeks;
    this.shares = new Map(
      places.map((place) => [place, Math.floor(priceMinor / weeks) + (place <= rest ? 1 : 0)]),
    );
  }

  placesOn(): number[] {
    return [...this.on];
  }

  isIn(person: string): boolean {
    return this.seatsOf(person).size > 0;
  }

  isHeld(person: string): boolean {
    return this.isIn(person) && this.members.get(person)?.isPaid === false;
  }

  seatsOf(person: string): ReadonlySet<number> {
    return this.members.get(person)?.seats ?? new Set();
  }

  owes(person: string): number {
    return [...this.seatsOf(person)].reduce((sum, place) => sum + this.shares.get(place)!, 0);
  }

  /** Returns the answer; with `try`, what it would be. */
  join(person: string, { try: isTried = false } = {}): string {
    if (this.state === "cancelled" || this.on.size === 0) return "slot_unavailable";
    if (this.seatsLeft() === 0) return "slot_taken";
    if (this.isIn(person)) return "already_booked";
    if (!isTried) this.members.set(person, { isPaid: false, seats: new Set(this.on) });
    return "created";
  }

  pay(person: string): void {
    const member = this.members.get(person);
    if (member) member.isPaid = true;
  }

  release(person: string): void {
    this.members.delete(person);
  }

  leave(person: string, from: number): void {
    const member = this.members.get(person);
    for (const place of this.seatsOf(person)) if (place >= from) member?.seats.delete(place);
  }

  changeSeats(capacity: number): string {
    if (capacity < this.mostTaken()) return "seats_taken";
    if (capacity < this.minimum) return "validation_failed";
    if (this.state === "cancelled" || this.on.size === 0) return "invalid_transition";
    this.capacity = capacity;
    return "ok";
  }

  cancelDate(place: number): void {
    this.on.delete(place);
    for (const [person, { isPaid, seats }] of this.members) {
      // What they are paying for is no longer there: they are asked again, at its new price.
      if (seats.delete(place) && !isPaid) this.release(person);
    }
  }

  cancelAll(): string {
    if (this.state === "cancelled" || this.on.size === 0) return "invalid_transition";
    this.end();
    return "ok";
  }

  decide(): State {
    if (this.state !== "open") return this.state;
    const inIt = [...this.members.values()].filter(({ seats }) => seats.size > 0);
    const attendees = inIt.filter(({ isPaid }) => isPaid).length;
    if (attendees >= this.minimum || this.minimum === 1) this.state = "on";
    // Those who are paying may make the minimum: it stays open.
    else if (inIt.length < this.minimum) this.end();
    return this.state;
  }

  shown() {
    const { state, capacity } = this;
    return {
      state,
      capacity,
      seats_left: this.seatsLeft(),
      attendees: this.mostTaken(),
      on: this.placesOn().sort((a, b) => a - b),
    };
  }

  /** "person place paid", or "held", in order. */
  seats(): string[] {
    return [...this.members]
      .flatMap(([person, { isPaid, seats }]) =>
        [...seats].map((place) => `${person} ${place} ${isPaid ? "paid" : "held"}`),
      )
      .sort();
  }

  private end(): void {
    this.state = "cancelled";
    for (const place of this.placesOn()) this.cancelDate(place);
  }

  private takenAt(place: number): number {
    return [...this.members.values()].filter(({ seats }) => seats.has(place)).length;
  }

  private mostTaken(): number {
    return Math.max(0, ...this.placesOn().map((place) => this.takenAt(place)));
  }

  private seatsLeft(): number {
    if (this.on.size === 0) return 0;
    return Math.max(0, Math.min(...this.placesOn().map((place) => this.capacity - this.takenAt(place))));
  }
}
