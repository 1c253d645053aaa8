CREATE TABLE `official` (
	`n` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`source` text NOT NULL,
	`service` text NOT NULL,
	`title` text NOT NULL,
	`impact` text NOT NULL,
	`state` text NOT NULL,
	`started_at` integer NOT NULL,
	`published_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`resolved_at` integer,
	`url` text,
	`components` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `official_id` ON `official` (`id`,`n`);--> statement-breakpoint
CREATE INDEX `official_service` ON `official` (`service`,`id`,`n`);--> statement-breakpoint
ALTER TABLE `incidents` ADD `blamed` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `reports` ADD `blames` text;