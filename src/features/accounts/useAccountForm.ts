import { type BaseSyntheticEvent, useState } from "react";
import {
  type DefaultValues,
  type FieldValues,
  type Path,
  type UseFormReturn,
  useForm,
} from "react-hook-form";
import { ApiProblem } from "@/lib/api.ts";
import { useSearchParams } from "@/lib/router/router.tsx";

type AccountForm<T extends FieldValues> = UseFormReturn<T> & {
  submit: (event?: BaseSyntheticEvent) => Promise<void>;
  /** A refusal that belongs to no field. */
  problem: ApiProblem | null;
  next: string | undefined;
};

/** An account form that shows refusals at their field or above the form. `AccountPage` redirects afterwards. */
export function useAccountForm<T extends FieldValues>(
  defaultValues: DefaultValues<T>,
  send: (values: T) => Promise<void>,
): AccountForm<T> {
  const form = useForm<T>({ defaultValues });
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [search] = useSearchParams();

  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await send(values);
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      const known = thrown.fieldErrors.filter(({ field }) => field in values);
      known.forEach(({ field, message }, index) => {
        form.setError(field as Path<T>, { message }, { shouldFocus: index === 0 });
      });
      if (known.length === 0) setProblem(thrown);
    }
  });

  return { ...form, submit, problem, next: search.get("next") ?? undefined };
}
