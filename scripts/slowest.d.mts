interface Timed {
  seconds: number;
  what: string;
}

export function slowestFiles(report: unknown, root: string, count?: number): Timed[];
export function slowestJourneys(report: unknown, count?: number): Timed[];
export function failedTests(report: unknown, root: string): string[];
export function failedJourneys(report: unknown): string[];
export function timeLine(timed: Timed): string;
