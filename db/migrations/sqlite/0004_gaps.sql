CREATE TABLE `cells` (
	`cell` text NOT NULL,
	`measure_id` text NOT NULL,
	PRIMARY KEY(`cell`, `measure_id`),
	FOREIGN KEY (`measure_id`) REFERENCES `measures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `cells_measure_idx` ON `cells` (`measure_id`);--> statement-breakpoint
CREATE TABLE `gap_measures` (
	`gap_id` text NOT NULL,
	`measure_id` text NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`gap_id`, `measure_id`)
);
--> statement-breakpoint
CREATE INDEX `gap_measures_measure_idx` ON `gap_measures` (`measure_id`);--> statement-breakpoint
CREATE TABLE `gaps` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`origin` text NOT NULL,
	`status` text NOT NULL,
	`moderation` text NOT NULL,
	`subject` text,
	`tag` text NOT NULL,
	`json` text NOT NULL,
	`codes` text NOT NULL,
	`terms` text NOT NULL,
	`title_key` text NOT NULL,
	`updated_at` text NOT NULL,
	`dismissed_until` text,
	`author_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `gaps_id_key` ON `gaps` (`id`);--> statement-breakpoint
CREATE INDEX `gaps_subject_idx` ON `gaps` (`subject`);--> statement-breakpoint
CREATE INDEX `gaps_moderation_idx` ON `gaps` (`moderation`,`no`);--> statement-breakpoint
CREATE INDEX `gaps_dismissed_until_idx` ON `gaps` (`dismissed_until`);--> statement-breakpoint
CREATE TABLE `marks` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
