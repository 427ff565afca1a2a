ALTER TABLE "catalogue" ADD CONSTRAINT "catalogue_price_amount" CHECK ("catalogue"."price_amount" >= 0);--> statement-breakpoint
ALTER TABLE "catalogue" ADD CONSTRAINT "catalogue_currency" CHECK ("catalogue"."currency" ~ '^[A-Z]{3}$');--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_sequence" CHECK ("order_events"."sequence" >= 1);--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_status" CHECK ("order_events"."status" in ('PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'));--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_quantity" CHECK ("order_items"."quantity" >= 1);--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_unit_amount" CHECK ("order_items"."unit_amount" >= 0);--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_currency" CHECK ("order_items"."currency" ~ '^[A-Z]{3}$');--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_status" CHECK ("orders"."status" in ('PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'));--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_sequence" CHECK ("orders"."sequence" >= 1);--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_total_amount" CHECK ("orders"."total_amount" >= 0);--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_total_currency" CHECK ("orders"."total_currency" ~ '^[A-Z]{3}$');