import { MessageCircle, User, Users } from "lucide-react";
import { useFormContext } from "react-hook-form";
import type { SessionType } from "#contract/services.ts";
import { serviceFields } from "#words/serviceEditor.ts";
import { sessionTypes } from "#words/services.ts";
import type { ServiceForm } from "./serviceForm.ts";

const types = [
  { type: "oneOnOneSession", Icon: User },
  { type: "groupSession", Icon: Users },
  { type: "chatAdvice", Icon: MessageCircle },
] as const satisfies { type: SessionType; Icon: typeof User }[];

export function SessionTypeChoice() {
  const { register } = useFormContext<ServiceForm>();
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{serviceFields.type}</legend>
      <div className="grid gap-2 sm:grid-cols-3">
        {types.map(({ type, Icon }) => (
          <label
            key={type}
            className="flex items-start gap-3 rounded-control border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
          >
            <input
              type="radio"
              value={type}
              {...register("session_type")}
              className="mt-1 size-5 shrink-0 accent-primary"
            />
            <span className="min-w-0">
              <span className="flex items-center gap-1.5 font-semibold">
                <Icon aria-hidden className="size-4 shrink-0" />
                {sessionTypes[type]}
              </span>
              <span className="block text-sm text-ink-soft">{serviceFields.typeDetails[type]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
