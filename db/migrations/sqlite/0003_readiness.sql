CREATE TABLE `contexts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`context` text NOT NULL,
	`owner_id` text NOT NULL,
	`owner` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `contexts_owner_idx` ON `contexts` (`owner_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `implementations` (
	`id` text PRIMARY KEY NOT NULL,
	`measure_id` text NOT NULL,
	`version` text NOT NULL,
	`at` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor` text NOT NULL,
	`outcome` text NOT NULL,
	`content` text NOT NULL,
	`confirmed_at` text,
	`confirmed_by` text,
	`withdrawn_at` text,
	`withdrawn_by` text,
	`withdraw_reason` text,
	FOREIGN KEY (`measure_id`) REFERENCES `measures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `implementations_measure_idx` ON `implementations` (`measure_id`,`at`,`id`);