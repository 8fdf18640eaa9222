/** What a run came to: what the tables hold, and of its day's plays how many are of a known song. */
export const plays = (logicalDate: string): string =>
  `select count(*) as plays, count(song_id) as matched, count(distinct user_id) as users,
     (select count(*) from dwh.songplays) as plays_of_all_days, (select count(*) from dwh.users) as users_of_all_days
   from dwh.songplays where file_day = cast('${logicalDate}' as timestamp)`;
