import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useFormContext } from "react-hook-form";
import { numberLimits } from "#rules/limits.ts";
import { usernames } from "#words/mentorPage.ts";
import { paths } from "@/lib/paths.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { usernameOf, usernameProblem } from "./profileForm.ts";
import { usernameQuery } from "./queries.ts";

const { usernameCharacters } = numberLimits;
const REST_MS = 300;

/** Forms with a username may have other fields too. */
type WithUsername = { username: string };

/**
 * Shows while the person types what is wrong with the username, or the page's address and whether it is available, with
 * suggestions if not. `own` is the person's current username.
 */
export function UsernameField({ own }: { own?: string | undefined }) {
  const { register, watch, setValue, setFocus, formState } = useFormContext<WithUsername>();
  const text = watch("username");
  const error = formState.errors.username?.message;
  const invalid = usernameProblem(text);
  const username = usernameOf(text);
  const settled = useDebounced(username, REST_MS);
  const isChecked = usernameProblem(settled) === null && settled !== own;
  const { data } = useQuery({
    ...usernameQuery(settled),
    enabled: isChecked,
    placeholderData: keepPreviousData,
  });
  const answer = data?.username === username ? data : null;
  const address = window.location.host + paths.mentor(username);
  const isTaken = answer?.available === false && username !== own;
  return (
    <div>
      <Field
        label={usernames.label}
        error={error}
        hint={
          <span aria-live="polite">
            {invalid ? (
              // The error below the field already shows the same sentence.
              !error && text !== "" ? (
                invalid
              ) : (
                usernames.hint
              )
            ) : isTaken ? (
              <span className="inline-flex items-start gap-1.5 font-semibold text-bad">
                <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
                {answer.problem ?? usernames.taken(username)}
              </span>
            ) : (
              <span className="inline-flex items-start gap-1.5">
                <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
                <span className="min-w-0 wrap-anywhere">
                  {answer ? usernames.available(address) : usernames.address(address)}
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
          {usernames.suggestions}
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
