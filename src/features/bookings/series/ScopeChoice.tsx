import type { ReactNode } from "react";
import { seriesScope } from "#words/ownSeries.ts";
import type { Scope } from "./seriesFacts.ts";

type ScopeChoiceProps = {
  scopes: readonly Scope[];
  value: Scope["name"];
  onChange: (name: Scope["name"]) => void;
  /** Below the name of a choice. */
  detail: (scope: Scope) => ReactNode;
};

/** Which sessions of a series a step is about. */
export function ScopeChoice({ scopes, value, onChange, detail }: ScopeChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{seriesScope.title}</legend>
      <div className="space-y-2">
        {scopes.map((scope) => (
          <label
            key={scope.name}
            className="tap flex items-start gap-3 rounded-control border border-line-strong bg-surface px-4 py-2.5 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
          >
            <input
              type="radio"
              name="scope"
              checked={scope.name === value}
              onChange={() => onChange(scope.name)}
              className="radio mt-px"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{nameOf(scope)}</span>
              <span className="block text-sm text-ink-soft">{detail(scope)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function nameOf({ name, sessions }: Scope): string {
  if (name === "one") return seriesScope.one;
  return name === "later" ? seriesScope.later(sessions.length - 1) : seriesScope.all(sessions.length);
}
