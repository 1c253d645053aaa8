ALTER TABLE `incidents` ADD `touched` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `posts_author` ON `posts` (`author`) WHERE author is not null;