import type { ComponentProps } from "react";
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "#words/durations.ts";
import { noLength } from "#words/hours.ts";
import { Select } from "@/ui/Select.tsx";

type LengthSelectProps = Omit<ComponentProps<"select">, "children"> & {
  minutes: readonly Minutes[];
  /** The present value, which may not be among the usual ones. */
  current: Minutes;
};

export function LengthSelect({ minutes, current, ...props }: LengthSelectProps) {
  const offered = [...new Set([...minutes, current])].sort((one, other) => one - other);
  return (
    <Select {...props}>
      {offered.map((length) => (
        <option key={length} value={length}>
          {length === 0 ? noLength : duration(length)}
        </option>
      ))}
    </Select>
  );
}
