"""What questions cost, who paid, and the answers that were paid for."""
