import { z } from "zod";
import type { Student, StudentNote, StudentPage } from "#contract/students.ts";
import { holdsUpSql } from "../bookings/noShow/queries.ts";
import type { UserTx } from "../platform/database/database.ts";
import { decodeCursor, encodeCursor } from "../platform/http/cursor.ts";

interface StudentSearch {
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

interface StudentRow {
  id: string;
  name: string;
  email: string;
  held_sessions: number;
  upcoming_sessions: number;
  last_session_at: Date | null;
  next_session_at: Date | null;
  latest_at: Date;
  place?: number;
  has_note: boolean;
}

/** $1 the mentor, $2 one student or null for all of them. */
const studentsSql = `
  select b.user_id as id,
    (array_agg(b.user_name order by b.created_at desc, b.id))[1] as name,
    (array_agg(b.user_email order by b.created_at desc, b.id))[1] as email,
    (count(*) filter (where b.status in ('confirmed', 'completed') and b.ends_at <= now() and not b.missed))::int
      as held_sessions,
    (count(*) filter (where b.status in ('pending', 'confirmed') and b.ends_at > now()))::int as upcoming_sessions,
    max(b.starts_at) filter (where b.status in ('confirmed', 'completed') and b.ends_at <= now() and not b.missed)
      as last_session_at,
    min(b.starts_at) filter (where b.status in ('pending', 'confirmed') and b.ends_at > now()) as next_session_at,
    max(b.starts_at) as latest_at,
    exists (select from student_notes n where n.expert_id = $1 and n.student_id = b.user_id) as has_note
  from (
    select b.*, ${holdsUpSql("b")} as missed from bookings b) b
  where b.expert_id = $1 and ($2::uuid is null or b.user_id = $2)
  group by b.user_id`;

/**
 * Sort key: students with upcoming sessions first, by the next one, then the others by their last one, latest first.
 * In seconds since 1970, which stay far below 1e11.
 */
const placeSql = `coalesce(date_part('epoch', s.next_session_at), 1e11 - date_part('epoch', s.latest_at))`;

/** Returns a page of the mentor's students, by their next sessions. */
export async function listStudents(
  tx: UserTx,
  mentorId: string,
  search: StudentSearch,
): Promise<StudentPage> {
  const after = decodeCursor(search.cursor, z.number());
  const { rows } = await tx.client.query<StudentRow>(
    `select s.*, ${placeSql} as place from (${studentsSql}) s
     where ($3::text is null or position(fold_for_search($3) in fold_for_search(s.name)) > 0
         or position(lower($3) in lower(s.email)) > 0)
       and ($4::float8 is null or (${placeSql}, s.id) > ($4, $5::uuid))
     order by place, s.id limit $6`,
    [mentorId, null, search.q || null, after?.key ?? null, after?.id ?? null, search.limit + 1],
  );
  const page = rows.slice(0, search.limit);
  const last = rows.length > search.limit ? page.at(-1) : undefined;
  return {
    data: page.map(presentStudent),
    next_cursor: last ? encodeCursor(last.place ?? 0, last.id) : null,
  };
}

/** Returns one of the mentor's students; undefined for people who never booked with this mentor. */
export async function findStudent(
  tx: UserTx,
  mentorId: string,
  studentId: string,
): Promise<Student | undefined> {
  const { rows } = await tx.client.query<StudentRow>(studentsSql, [mentorId, studentId]);
  return rows[0] && presentStudent(rows[0]);
}

/** Returns the mentor's notes about a student, empty if there are none. */
export async function readNote(tx: UserTx, mentorId: string, studentId: string): Promise<StudentNote> {
  const row = await tx.db
    .selectFrom("student_notes")
    .select(["body", "revision", "updated_at"])
    .where("expert_id", "=", mentorId)
    .where("student_id", "=", studentId)
    .executeTakeFirst();
  return row
    ? { ...row, updated_at: row.updated_at.toISOString() }
    : { body: "", revision: 0, updated_at: null };
}

function presentStudent({
  latest_at: _,
  place: __,
  last_session_at,
  next_session_at,
  ...row
}: StudentRow): Student {
  return {
    ...row,
    last_session_at: last_session_at?.toISOString() ?? null,
    next_session_at: next_session_at?.toISOString() ?? null,
  };
}
