import type { UseQueryResult } from "@tanstack/react-query";
import { useId } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { SeriesCheck } from "#contract/series.ts";
import type { RefusedSession } from "#contract/slots.ts";
import { numberLimits } from "#rules/limits.ts";
import { bookTogether, notBooked } from "#words/baskets.ts";
import { controls } from "#words/controls.ts";
import { repeat } from "#words/series.ts";
import { togetherPrice } from "@/features/baskets/togetherPrice.ts";
import type { Choice } from "@/features/book/bookingStep.ts";
import { StepFooter } from "@/features/book/StepFooter.tsx";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { formatDayAndTime, zoneLabel } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Select } from "@/ui/Select.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { SeriesCalendar } from "./SeriesCalendar.tsx";
import { SeriesDate } from "./SeriesDate.tsx";
import { clockNotes, repeats, type SeriesPicks, type SeriesRow, startsOf } from "./seriesPicks.ts";

const { min: least } = numberLimits.seriesSessions;

type SeriesDatesProps = {
  mentor: Mentor;
  choice: Choice;
  timeZone: string;
  check: UseQueryResult<SeriesCheck>;
  rows: readonly SeriesRow[];
  picks: SeriesPicks;
  /** How many are asked for. */
  sessions: number;
  /** How many fit into the time that can be booked. */
  most: number;
  /** Those that could not be booked just now. */
  refused: readonly RefusedSession[];
  onChange: (picks: SeriesPicks) => void;
  onContinue: () => void;
  onBack: () => void;
};

/** The dates of a series: each is free and can be left out, or is taken and can be replaced. */
export function SeriesDates(props: SeriesDatesProps) {
  const { mentor, choice, timeZone, check, rows, picks, refused, onChange } = props;
  const listId = useId();
  const starts = startsOf(rows);
  const open = rows.filter(({ state }) => state === "open").length;
  const notes = clockNotes(check.data?.sessions ?? []);
  const mentorName = firstName(mentor.full_name);
  const sessions = starts.map((startsAt) => ({ choice, startsAt }));
  const isEnough = starts.length >= least;
  return (
    <>
      <DialogBody>
        <StepHeading>{repeat.title}</StepHeading>
        {refused.length > 0 && (
          <Alert tone="warning" className="mb-5" title={notBooked.title(refused.length)}>
            <p>
              {repeat.takenMeanwhile(
                refused.map(({ starts_at }) => formatDayAndTime(starts_at, timeZone)).join("; "),
              )}{" "}
              {notBooked.text}
            </p>
          </Alert>
        )}
        <Pattern {...props} />
        {check.isError && !check.data ? (
          <ProblemState title={repeat.failed} error={check.error} onRetry={check.refetch} />
        ) : check.data ? (
          <div
            aria-busy={check.isPlaceholderData}
            className="grid gap-x-8 gap-y-6 md:grid-cols-[1fr_17rem] md:items-start"
          >
            <section aria-labelledby={listId}>
              <h4 id={listId} className="font-bold">
                {repeat.list}
              </h4>
              <p className="text-sm text-ink-soft">{bookTogether.zone(zoneLabel(timeZone, starts[0]))}</p>
              <ol className="mt-2 space-y-2">
                {rows.map((row) => (
                  <SeriesDate
                    key={row.session.place}
                    {...{ mentor, timeZone, row, rows, picks, onChange }}
                    minutes={choice.minutes}
                    note={notes.get(row.session.place)}
                  />
                ))}
              </ol>
            </section>
            <SeriesCalendar rows={rows} timeZone={timeZone} />
          </div>
        ) : (
          <Loading>{repeat.loading}</Loading>
        )}
      </DialogBody>
      <StepFooter
        choice={null}
        total={null}
        onBack={props.onBack}
        action={
          <Button
            disabled={!isEnough || check.isPlaceholderData}
            onClick={props.onContinue}
            className="flex-1"
          >
            {controls.continue}
          </Button>
        }
      >
        {check.data && (
          <p className="leading-snug" role="status">
            <strong className="font-bold">
              {formatMoney(togetherPrice(sessions, { addRecording: false }).total)}
            </strong>{" "}
            <span className="text-ink-soft">
              · {repeat.chosen({ chosen: starts.length, all: rows.length })}
              <span className="block text-sm">
                {!isEnough ? repeat.tooFew(least) : open > 0 && repeat.notChosen(open)}
              </span>
            </span>
          </p>
        )}
        {!check.data && <p className="text-sm text-ink-soft">{mentorName}</p>}
      </StepFooter>
    </>
  );
}

/** How often, and how many. */
function Pattern({ mentor, picks, most, sessions, onChange }: SeriesDatesProps) {
  const counts = Array.from({ length: Math.max(most, least) - least + 1 }, (_, index) => least + index);
  return (
    <div className="mb-6">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
        <fieldset>
          <legend className="mb-1.5 font-semibold">{repeat.every}</legend>
          <div className="flex flex-wrap gap-2">
            {repeats.map((every) => (
              <label
                key={every}
                className="tap flex items-center gap-2.5 rounded-control border border-line-strong bg-surface px-3.5 py-2 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
              >
                <input
                  type="radio"
                  name="every"
                  checked={picks.every === every}
                  // The places are other dates then.
                  onChange={() => onChange({ ...picks, every, omitted: [], instead: {} })}
                  className="radio"
                />
                {repeat[every]}
              </label>
            ))}
          </div>
        </fieldset>
        <Field label={repeat.howMany} className="w-28">
          {(control) => (
            <Select
              {...control}
              value={sessions}
              onChange={({ target }) => onChange({ ...picks, sessions: Number(target.value) })}
            >
              {counts.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {most < numberLimits.seriesSessions.max && (
        <p className="mt-2 text-sm text-ink-soft">
          {repeat.reach(firstName(mentor.full_name), mentor.booking_window_days)}
        </p>
      )}
    </div>
  );
}
