import { useQuery } from "@tanstack/react-query";
import { adminMoney } from "#words/adminMoney.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { moneyQuery } from "./moneyQueries.ts";

/** On every page of the console, while a student's money is lost on the way. */
export function MoneyAlarm({ isOnMoney }: { isOnMoney: boolean }) {
  const { data } = useQuery(moneyQuery);
  if (!data || (data.orphaned === 0 && data.refunds_overdue === 0)) return null;
  const isAlarm = data.orphaned > 0;
  return (
    <Alert
      tone={isAlarm ? "bad" : "warning"}
      title={isAlarm ? adminMoney.alarmTitle(data.orphaned) : adminMoney.overdueTitle(data.refunds_overdue)}
      className="mb-6"
    >
      <p>{isAlarm ? adminMoney.alarmText : adminMoney.overdueText}</p>
      {!isOnMoney && (
        <Link to={paths.admin("money")} className="tap font-semibold underline underline-offset-4">
          {adminMoney.toMoney}
        </Link>
      )}
    </Alert>
  );
}
