-- Text as contract/text.ts has it, also for clients that write to the database directly: in normal form C, without
-- characters that nobody sees, and names that can be seen.

do $do$
declare
  -- Controls but tab and line feed; in a line none at all, nor what reverses the sentence around it.
  text_controls constant text := '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]';
  line_controls constant text := '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]';
  something_visible constant text :=
    '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F'
    || '\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]';
  rule record;
  value text;
  wanted text;
begin
  for rule in
    select * from (values
      ('profiles', 'full_name', 'name'),
      ('expert_profiles', 'full_name', 'name'),
      ('expert_profiles', 'headline', 'line'),
      ('expert_profiles', 'bio', 'text'),
      ('expert_profiles', 'expertise', 'list'),
      ('expert_profiles', 'languages', 'list'),
      ('services', 'title', 'name'),
      ('services', 'description', 'text'),
      ('bookings', 'user_name', 'line'),
      ('bookings', 'user_phone', 'line'),
      ('bookings', 'message', 'text'),
      ('bookings', 'meeting_note', 'text'),
      ('mentor_rooms', 'meeting_note', 'text'),
      ('blocked_dates', 'reason', 'text'),
      ('time_requests', 'user_name', 'line'),
      ('time_requests', 'message', 'text'),
      ('reviews', 'comment', 'text'),
      ('review_replies', 'body', 'text'),
      ('student_notes', 'body', 'text'),
      ('no_show_claims', 'reason', 'text'),
      ('no_show_claims', 'answer', 'text')
    ) as rules (in_table, in_column, kind)
  loop
    -- Rows of before are brought into the form that is kept from now on. Words of a list are parted by U+001F meanwhile.
    value := format(case when rule.kind = 'list' then 'array_to_string(%I, chr(31))' else '%I' end, rule.in_column);
    wanted := case
      when rule.kind = 'text' then format(
        'regexp_replace(regexp_replace(normalize(%s), %L, chr(10), %L), %L, %L, %L)',
        value, '\r\n?|[\u000B\u000C\u0085]', 'g', text_controls, '', 'g')
      else format(
        'regexp_replace(regexp_replace(normalize(%s), %L, %L, %L), %L, %L, %L)',
        value, '[\t\r\n\u000B\u000C\u0085\u2028\u2029]', ' ', 'g',
        case when rule.kind = 'list' then replace(line_controls, '\u001F', '\u001E') else line_controls end, '', 'g')
    end;
    if rule.kind = 'name' then
      wanted := format('case when %1$s ~ %2$L then %1$s else %3$L end', wanted, something_visible, 'Unnamed');
    elsif rule.kind = 'list' then
      wanted := format('string_to_array(%s, chr(31))', wanted);
    end if;
    execute format('update public.%1$I set %2$I = %3$s where %2$I is not null and %2$I is distinct from %3$s',
                   rule.in_table, rule.in_column, wanted);

    value := format(case when rule.kind = 'list' then 'array_to_string(%I, chr(32))' else '%I' end, rule.in_column);
    execute format(
      'alter table public.%I add constraint %I check (%s is nfc normalized and %s !~ %L%s)',
      rule.in_table, rule.in_table || '_' || rule.in_column || '_clean', value, value,
      case when rule.kind = 'text' then text_controls else line_controls end,
      case when rule.kind = 'name' then format(' and %s ~ %L', value, something_visible) else '' end);
  end loop;
end
$do$;
