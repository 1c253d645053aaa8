CREATE TABLE `corrections` (
	`post` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`services` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `incident_marks` (
	`incident` text PRIMARY KEY NOT NULL,
	`mark` text NOT NULL,
	`target` text,
	`at` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `incident_notes` (
	`n` integer PRIMARY KEY NOT NULL,
	`incident` text NOT NULL,
	`text` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `incident_notes_incident` ON `incident_notes` (`incident`,`n`);--> statement-breakpoint
CREATE TABLE `outcomes` (
	`key` text PRIMARY KEY NOT NULL,
	`request` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `outcomes_time` ON `outcomes` (`at`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`name` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`added_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_hash_unique` ON `tokens` (`hash`);