import type { UseFormRegisterReturn } from "react-hook-form";
import { windowHours } from "#rules/windows.ts";

const choices = [
  {
    approves: "yes",
    label: "I approve each request",
    detail: `You have ${windowHours.requestAnswer} hours to reply. The time is held until then.`,
  },
  {
    approves: "no",
    label: "Confirm automatically",
    detail: "Students get the time as soon as they book it.",
  },
] as const;

/** The mentor's default for all services, asked once. */
export function ApprovalChoice({ field }: { field: UseFormRegisterReturn }) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">When a student books</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {choices.map(({ approves, label, detail }) => (
          <label
            key={approves}
            className="flex items-start gap-3 rounded-control border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
          >
            <input type="radio" value={approves} {...field} className="radio mt-0.5" />
            <span className="min-w-0">
              <span className="block font-semibold">{label}</span>
              <span className="block text-sm text-ink-soft">{detail}</span>
            </span>
          </label>
        ))}
      </div>
      <p className="mt-1.5 text-sm text-ink-soft">You can change this under Hours, and for each service.</p>
    </fieldset>
  );
}
