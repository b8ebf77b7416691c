import { openServer, openPlace } from "./world.ts";
import { makeMentors, makeStudents } from "./people.ts";
import { plantPast } from "./growth/pastBookings.ts";
import pg from "pg";
const server = await openServer();
for (const mode of ["keep", "drop"]) {
  const admin = new pg.Client({ connectionString: server.urlsOf("postgres").ownerUrl }); await admin.connect(); await admin.query(`create database t_${mode} template matepeak`); await admin.end();
  const place = await openPlace(server, `t_${mode}`);
  const mentors = await makeMentors(place.owner, 200, { days: [1], start: "09:00", end: "17:00" });
  const students = await makeStudents(place.owner, 200);
  const q = place.owner.query.bind(place.owner); 
  (place.owner as any).query = async (...a: any[]) => { const t = performance.now(); const r = await (q as any)(...a); const took = performance.now() - t; if (took > 300) process.stdout.write(`  ${mode} ${String(a[0]).trim().slice(0, 70).replaceAll("\n", " ")} ${(took / 1000).toFixed(1)}\n`); return r; };
  const t = performance.now();
  if (mode === "keep") for (let i = 0; i < 4; i++) await plantPast(place.owner, mentors.slice(i * 50, i * 50 + 50), students, 50_000); else await plantPast(place.owner, mentors, students, 200_000);
  process.stdout.write(`${mode} ${((performance.now() - t) / 1000).toFixed(1)} s\n`);
  await place.close();
}
await server.stop();
