-- Rows of a series lie side by side, as those of the tables that they sum up.
CREATE TABLE `hours` (
	`service` text NOT NULL,
	`region` text NOT NULL,
	`t` integer NOT NULL,
	`reports` integer NOT NULL,
	`authors` integer NOT NULL,
	`readings` integer NOT NULL,
	`width_ms` integer NOT NULL,
	`observed` real NOT NULL,
	`expected` real NOT NULL,
	`below` real NOT NULL,
	`above` real NOT NULL,
	`surprise` real NOT NULL,
	PRIMARY KEY(`service`, `region`, `t`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `hours_time` ON `hours` (`t`,`service`,`region`,`reports`,`authors`);