-- Rows of a series lie side by side, so that a chart of a week reads some pages instead of one page a minute.
CREATE TABLE `buckets_clustered` (
	`service` text NOT NULL,
	`region` text NOT NULL,
	`t` integer NOT NULL,
	`reports` integer NOT NULL,
	`authors` integer NOT NULL,
	`sources` integer NOT NULL,
	PRIMARY KEY(`service`, `region`, `t`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `buckets_clustered` SELECT `service`, `region`, `t`, `reports`, `authors`, `sources` FROM `buckets` ORDER BY `service`, `region`, `t`;
--> statement-breakpoint
DROP TABLE `buckets`;
--> statement-breakpoint
ALTER TABLE `buckets_clustered` RENAME TO `buckets`;
--> statement-breakpoint
CREATE INDEX `buckets_time` ON `buckets` (`t`,`service`,`region`);
--> statement-breakpoint
CREATE TABLE `rollups_clustered` (
	`service` text NOT NULL,
	`region` text NOT NULL,
	`t` integer NOT NULL,
	`reports` integer NOT NULL,
	`authors` integer NOT NULL,
	`sources` integer NOT NULL,
	`width_ms` integer NOT NULL,
	PRIMARY KEY(`service`, `region`, `t`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `rollups_clustered` SELECT `service`, `region`, `t`, `reports`, `authors`, `sources`, `width_ms` FROM `rollups` ORDER BY `service`, `region`, `t`;
--> statement-breakpoint
DROP TABLE `rollups`;
--> statement-breakpoint
ALTER TABLE `rollups_clustered` RENAME TO `rollups`;
--> statement-breakpoint
CREATE INDEX `rollups_time` ON `rollups` (`t`,`service`,`region`);
--> statement-breakpoint
CREATE TABLE `readings_clustered` (
	`service` text NOT NULL,
	`region` text NOT NULL,
	`t` integer NOT NULL,
	`width_ms` integer NOT NULL,
	`observed` real,
	`expected` real NOT NULL,
	`low` real NOT NULL,
	`high` real NOT NULL,
	`surprise` real NOT NULL,
	`bar` real NOT NULL,
	`window_ms` integer NOT NULL,
	`alert` text,
	`active` integer NOT NULL,
	`calming` integer NOT NULL,
	`provisional` integer NOT NULL,
	PRIMARY KEY(`service`, `region`, `t`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `readings_clustered` SELECT `service`, `region`, `t`, `width_ms`, `observed`, `expected`, `low`, `high`, `surprise`, `bar`, `window_ms`, `alert`, `active`, `calming`, `provisional` FROM `readings` ORDER BY `service`, `region`, `t`;
--> statement-breakpoint
DROP TABLE `readings`;
--> statement-breakpoint
ALTER TABLE `readings_clustered` RENAME TO `readings`;
