import type { ComponentProps } from "react";
import { numberLimits } from "#rules/limits.ts";
import { asMinutes, type Minutes } from "#scheduling/units.ts";
import { serviceFields } from "#words/serviceEditor.ts";
import { Select } from "@/ui/Select.tsx";

/** Minutes before the start. */
const usual = [0, 60, 120, 240, 720, 1440, 2880, 4320, 10_080, 20_160, numberLimits.cutoffMinutes.max].map(
  (each) => asMinutes(each),
);

type CutoffSelectProps = ComponentProps<"select"> & {
  /** What the service has, which need not be a usual one. */
  current: Minutes;
};

export function CutoffSelect({ current, ...props }: CutoffSelectProps) {
  const choices = [...new Set([...usual, current])].sort((one, other) => one - other);
  return (
    <Select {...props}>
      {choices.map((minutes) => (
        <option key={minutes} value={minutes}>
          {serviceFields.until(minutes)}
        </option>
      ))}
    </Select>
  );
}
