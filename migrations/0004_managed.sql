CREATE TABLE `managed` (
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`entry` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`kind`, `name`)
);
