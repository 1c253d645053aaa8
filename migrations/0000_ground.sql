CREATE TABLE `buckets` (
	`service` text NOT NULL,
	`region` text NOT NULL,
	`t` integer NOT NULL,
	`reports` integer NOT NULL,
	`authors` integer NOT NULL,
	`sources` integer NOT NULL,
	PRIMARY KEY(`service`, `region`, `t`)
);
--> statement-breakpoint
CREATE INDEX `buckets_time` ON `buckets` (`t`,`service`,`region`);--> statement-breakpoint
CREATE TABLE `cursors` (
	`source` text PRIMARY KEY NOT NULL,
	`cursor` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `detectors` (
	`service` text NOT NULL,
	`region` text NOT NULL,
	`judged_until` integer NOT NULL,
	`active` integer NOT NULL,
	`state` blob NOT NULL,
	PRIMARY KEY(`service`, `region`)
);
--> statement-breakpoint
CREATE INDEX `detectors_active` ON `detectors` (`service`,`region`) WHERE active = 1;--> statement-breakpoint
CREATE TABLE `incident_changes` (
	`n` integer PRIMARY KEY NOT NULL,
	`incident` text NOT NULL,
	`at` integer NOT NULL,
	`from` text,
	`to` text NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incident_changes_once` ON `incident_changes` (`incident`,`at`,`to`);--> statement-breakpoint
CREATE INDEX `incident_changes_time` ON `incident_changes` (`at`,`n`);--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`service` text NOT NULL,
	`state` text NOT NULL,
	`started_at` integer NOT NULL,
	`detected_at` integer NOT NULL,
	`peak_at` integer NOT NULL,
	`resolved_at` integer,
	`regions` text NOT NULL,
	`within` text NOT NULL,
	`reports` integer NOT NULL,
	`authors` integer NOT NULL,
	`platforms` text NOT NULL,
	`unlocated` real NOT NULL,
	`symptoms` text NOT NULL,
	`surprise` real NOT NULL,
	`spillover` text NOT NULL,
	`method` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `incidents_time` ON `incidents` (`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `incidents_service_time` ON `incidents` (`service`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `incidents_open` ON `incidents` (`started_at`,`id`) WHERE state <> 'resolved';--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `posts` (
	`n` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`source` text NOT NULL,
	`platform` text NOT NULL,
	`author` text,
	`text` text,
	`lang` text,
	`context` text,
	`place` text,
	`url` text,
	`created_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`counted` integer NOT NULL,
	`deleted` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `posts_id_unique` ON `posts` (`id`);--> statement-breakpoint
CREATE INDEX `posts_with_text` ON `posts` (`created_at`) WHERE text is not null;--> statement-breakpoint
CREATE TABLE `readings` (
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
);
--> statement-breakpoint
CREATE TABLE `reports` (
	`post` integer NOT NULL,
	`service` text NOT NULL,
	`kind` text NOT NULL,
	`score` real NOT NULL,
	`symptom` text,
	`region` text,
	`why` text NOT NULL,
	`created_at` integer NOT NULL,
	`author` text,
	`source` text NOT NULL,
	`platform` text NOT NULL,
	`counted` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reports_post_service` ON `reports` (`post`,`service`);--> statement-breakpoint
CREATE INDEX `reports_service_time` ON `reports` (`service`,`created_at`,`post`);--> statement-breakpoint
CREATE INDEX `reports_author` ON `reports` (`service`,`author`,`created_at`) WHERE counted = 1 and author is not null;--> statement-breakpoint
CREATE TABLE `rollups` (
	`service` text NOT NULL,
	`region` text NOT NULL,
	`t` integer NOT NULL,
	`reports` integer NOT NULL,
	`authors` integer NOT NULL,
	`sources` integer NOT NULL,
	`width_ms` integer NOT NULL,
	PRIMARY KEY(`service`, `region`, `t`)
);
--> statement-breakpoint
CREATE INDEX `rollups_time` ON `rollups` (`t`,`service`,`region`);--> statement-breakpoint
CREATE TABLE `seen` (
	`t` integer NOT NULL,
	`source` text NOT NULL,
	`posts` integer NOT NULL,
	`matched` integer NOT NULL,
	PRIMARY KEY(`t`, `source`)
);
--> statement-breakpoint
CREATE TABLE `spikes` (
	`id` text PRIMARY KEY NOT NULL,
	`service` text NOT NULL,
	`region` text NOT NULL,
	`started_at` integer NOT NULL,
	`detected_at` integer NOT NULL,
	`peak_at` integer NOT NULL,
	`ended_at` integer,
	`surprise` real NOT NULL,
	`reports` integer NOT NULL,
	`expected` real NOT NULL,
	`authors` integer NOT NULL,
	`held_back` text
);
--> statement-breakpoint
CREATE INDEX `spikes_time` ON `spikes` (`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `spikes_service_time` ON `spikes` (`service`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `spikes_open` ON `spikes` (`id`) WHERE ended_at is null;