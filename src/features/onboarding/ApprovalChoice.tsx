import type { UseFormRegisterReturn } from "react-hook-form";
import { windowHours } from "#rules/windows.ts";
import { approvalChoice } from "#words/onboarding.ts";

const choices = [
  {
    approves: "yes",
    label: approvalChoice.approve,
    detail: approvalChoice.approveDetail(windowHours.requestAnswer),
  },
  {
    approves: "no",
    label: approvalChoice.automatic,
    detail: approvalChoice.automaticDetail,
  },
] as const;

/** The choice of the mentor's default for all services, shown once. */
export function ApprovalChoice({ field }: { field: UseFormRegisterReturn }) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{approvalChoice.title}</legend>
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
      <p className="mt-1.5 text-sm text-ink-soft">{approvalChoice.hint}</p>
    </fieldset>
  );
}
