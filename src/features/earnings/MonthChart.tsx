import { AxisBottom, AxisLeft } from "@visx/axis";
import { useParentSize } from "@visx/responsive";
import { scaleBand, scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import type { Earnings } from "#contract/earnings.ts";
import { formatter } from "@/lib/time.ts";

type MonthChartProps = { months: Earnings["months"]; currency: string };

const height = 220;
const margin = { top: 12, right: 4, bottom: 28, left: 52 };

/** Bars of what was earned in each month. The table beside it says the same. */
export default function MonthChart({ months, currency }: MonthChartProps) {
  const { parentRef, width } = useParentSize({ debounceTime: 50 });
  const x = scaleBand({
    domain: months.map(({ month }) => month),
    range: [margin.left, Math.max(width - margin.right, margin.left)],
    padding: 0.35,
  });
  const nets = months.map(({ net }) => net);
  const y = scaleLinear({
    domain: [Math.min(0, ...nets), Math.max(1, ...nets)],
    range: [height - margin.bottom, margin.top],
    nice: 4,
  });
  const zero = y(0);
  const label = { fill: "currentColor", fontSize: 12, fontFamily: "inherit" };
  // Every second month where there is no room for each.
  const named = months.filter((_, index) => width > 520 || index % 2 === months.length % 2 || width === 0);
  return (
    <div ref={parentRef} aria-hidden className="h-[220px] text-ink-soft">
      {width > 0 && (
        <svg aria-hidden width={width} height={height}>
          <AxisLeft
            scale={y}
            left={margin.left}
            numTicks={4}
            tickFormat={(value) => shortAmount(Number(value), currency)}
            hideAxisLine
            hideTicks
            tickLabelProps={{ ...label, textAnchor: "end", dx: "-0.25em", dy: "0.3em" }}
          />
          {y.ticks(4).map((tick) => (
            <line
              key={tick}
              x1={margin.left}
              x2={width - margin.right}
              y1={y(tick)}
              y2={y(tick)}
              className="stroke-line"
            />
          ))}
          {months.map(({ month, net }) => (
            <Bar
              key={month}
              x={x(month) ?? 0}
              width={x.bandwidth()}
              y={Math.min(zero, y(net))}
              height={Math.abs(zero - y(net))}
              rx={3}
              className={net < 0 ? "fill-bad" : "fill-primary"}
            />
          ))}
          <AxisBottom
            scale={x}
            top={height - margin.bottom}
            tickValues={named.map(({ month }) => month)}
            tickFormat={(month) =>
              formatter({ month: "short", timeZone: "UTC" }).format(new Date(`${month}-01T00:00Z`))
            }
            hideTicks
            stroke="currentColor"
            tickLabelProps={{ ...label, textAnchor: "middle" }}
          />
        </svg>
      )}
    </div>
  );
}

/** '₹12K': for the axis. */
function shortAmount(amount: number, currency: string): string {
  return new Intl.NumberFormat("en-IN", {
    style: "currency",
    currency,
    notation: "compact",
    maximumFractionDigits: 1,
  }).format(amount);
}
