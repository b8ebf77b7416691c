import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useFormContext } from "react-hook-form";
import { numberLimits } from "#rules/limits.ts";
import { paths } from "@/lib/paths.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { usernameOf, usernameProblem } from "./profileForm.ts";
import { usernameQuery } from "./queries.ts";

const { usernameCharacters } = numberLimits;
const REST_MS = 300;

/** The forms that have one have these fields, and maybe others. */
type WithUsername = { username: string };

/**
 * Says while somebody types what the page's address will be, whether it is free and what else is, or what the username
 * still lacks. `own` is the one that the person has already.
 */
export function UsernameField({ own }: { own?: string | undefined }) {
  const { register, watch, setValue, setFocus, formState } = useFormContext<WithUsername>();
  const text = watch("username");
  const error = formState.errors.username?.message;
  const missing = usernameProblem(text);
  const username = usernameOf(text);
  const settled = useDebounced(username, REST_MS);
  const isAsked = usernameProblem(settled) === null && settled !== own;
  const { data } = useQuery({
    ...usernameQuery(settled),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  });
  const answer = data?.username === username ? data : null;
  const isTaken = answer?.available === false && username !== own;
  return (
    <div>
      <Field
        label="Username"
        error={error}
        hint={
          <span aria-live="polite">
            {missing ? (
              // Under the red message the same words again would be too much.
              !error && text !== "" ? (
                missing
              ) : (
                `${usernameCharacters.min} to ${usernameCharacters.max} letters, digits or hyphens. It becomes the address of your page.`
              )
            ) : isTaken ? (
              <span className="inline-flex items-start gap-1.5 font-semibold text-bad">
                <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
                {answer.problem ?? `Somebody has “${username}” already.`}
              </span>
            ) : (
              <span className="inline-flex items-start gap-1.5">
                <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
                <span className="min-w-0 wrap-anywhere">
                  {answer && "Free. "}Your page: {window.location.host}
                  {paths.mentor(username)}
                </span>
              </span>
            )}
          </span>
        }
        required
      >
        {(control) => (
          <Input
            {...control}
            {...register("username", { validate: (value) => usernameProblem(value) ?? true })}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            maxLength={usernameCharacters.max}
          />
        )}
      </Field>
      {isTaken && answer.suggestions.length > 0 && (
        <p className="mt-2 flex flex-wrap items-center gap-2 text-sm">
          These are free:
          {answer.suggestions.map((suggestion) => (
            <Button
              key={suggestion}
              variant="secondary"
              size="sm"
              className="max-w-full wrap-anywhere"
              onClick={() => {
                setValue("username", suggestion, { shouldDirty: true, shouldValidate: true });
                setFocus("username");
              }}
            >
              {suggestion}
            </Button>
          ))}
        </p>
      )}
    </div>
  );
}
