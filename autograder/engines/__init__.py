"""What runs submissions and says how each check ended: the contract, and the engines that keep it."""
