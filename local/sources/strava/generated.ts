import { type Random, randomOf } from './random.ts';
import type { Activity } from './world.ts';

const SPORTS = ['Run', 'Ride', 'Walk', 'Swim', 'Soccer'] as const;
const COUNT = 240;
const FIRST = Date.UTC(2025, 0, 1);
const HOUR_MS = 3_600_000;
/** Of a zone that is always so far from UTC. */
const OFFSET_S = -25_200;

/** What an athlete did in 2025, the newest first. The same seed and athlete give the same, byte for byte. */
export const generatedActivities = (seed: number, athlete: number): Activity[] =>
  Array.from({ length: COUNT }, (_, nth) => activity(randomOf('strava', seed, athlete, nth), athlete, nth)).reverse();

function activity(random: Random, athlete: number, nth: number): Activity {
  const start = FIRST + (nth * 36 + Math.floor(random() * 24)) * HOUR_MS;
  const sport = SPORTS[Math.floor(random() * SPORTS.length)] as string;
  const moving = 600 + Math.floor(random() * 7200);
  const distance = random() < 0.1 ? 0 : Math.round(random() * 200_000) / 10;
  const at = (ms: number) => new Date(ms).toISOString().replace('.000', '');
  const id = 15_000_000_000 + athlete * 1000 + nth;
  return {
    resource_state: 2,
    athlete: { id: athlete, resource_state: 1 },
    name: `${sport} ${nth + 1}`,
    distance,
    moving_time: moving,
    elapsed_time: moving + Math.floor(random() * 600),
    total_elevation_gain: Math.floor(random() * 500),
    type: sport,
    sport_type: sport,
    id,
    start_date: at(start),
    start_date_local: at(start + OFFSET_S * 1000),
    timezone: '(GMT-07:00) America/Phoenix',
    utc_offset: OFFSET_S,
    kudos_count: Math.floor(random() * 20),
    gear_id: null,
    start_latlng: [],
    end_latlng: [],
    map: { id: `a${id}`, summary_polyline: '', resource_state: 2 },
    trainer: distance === 0,
    commute: false,
    manual: false,
    private: false,
    average_speed: Math.round((distance / moving) * 1000) / 1000,
    max_speed: Math.round((distance / moving) * 2000) / 1000,
    has_heartrate: random() < 0.7,
    ...(random() < 0.6 && { average_cadence: Math.round(random() * 900) / 10 }),
  };
}
